#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct sqrt {
  static constexpr ir::op_key key{"sqrt"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V x) {
    using math::sqrt;
    return sqrt(x);
  }
};
}  // namespace ops

/// sqrt(x): the square root of x.
/// shape     that of x
/// dtype     float, double
/// numerics  correctly rounded; sqrt(x < 0) = NaN, sqrt(-0) = -0
/// errors    integers or bool
/// source    ONNX Sqrt-13
template <ops::tensor_operand X>
constexpr auto sqrt(X const& x) {
  return ops::elementwise<ops::sqrt>(x);
}

template <>
struct op_for<ops::sqrt::key> : std::type_identity<ops::sqrt> {};

}  // namespace etch
