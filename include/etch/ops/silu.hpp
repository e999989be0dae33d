#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct silu : costs<2> {
  static constexpr ir::op_key key{"silu"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V x) {
    using math::sigmoid;
    return x * sigmoid(x);
  }
};
}  // namespace ops

/// silu(x): x / (1 + exp(-x)), also called swish.
/// shape     that of x
/// dtype     float, double
/// numerics  at most 3 ulp; 0 where the sigmoid would be subnormal; NaN stays NaN, silu(-inf) = NaN
///           as in PyTorch
/// errors    integers or bool
/// source    Hendrycks, Gimpel 2016; ONNX Mul-14 of Sigmoid-13
template <ops::tensor_operand X>
constexpr auto silu(X const& x) {
  return ops::elementwise<ops::silu>(x);
}

template <>
struct op_for<ops::silu::key> : std::type_identity<ops::silu> {};

}  // namespace etch
