#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct sigmoid {
  static constexpr ir::op_key key{"sigmoid"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V x) {
    using math::sigmoid;
    return sigmoid(x);
  }
};
}  // namespace ops

/// sigmoid(x): 1 / (1 + exp(-x)).
/// shape     that of x
/// dtype     float, double
/// numerics  at most 2 ulp; a subnormal result may be 0 instead; NaN stays NaN
/// errors    integers or bool
/// source    ONNX Sigmoid-13
template <ops::tensor_operand X>
constexpr auto sigmoid(X const& x) {
  return ops::elementwise<ops::sigmoid>(x);
}

template <>
struct op_for<ops::sigmoid::key> : std::type_identity<ops::sigmoid> {};

}  // namespace etch
