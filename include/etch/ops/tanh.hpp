#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct tanh {
  static constexpr ir::op_key key{"tanh"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V x) {
    using math::tanh;
    return tanh(x);
  }
};
}  // namespace ops

/// tanh(x): the hyperbolic tangent of x.
/// shape     that of x
/// dtype     float, double
/// numerics  at most 3 ulp; tanh(-0) = -0, NaN stays NaN
/// errors    integers or bool
/// source    ONNX Tanh-13
template <ops::tensor_operand X>
constexpr auto tanh(X const& x) {
  return ops::elementwise<ops::tanh>(x);
}

template <>
struct op_for<ops::tanh::key> : std::type_identity<ops::tanh> {};

}  // namespace etch
