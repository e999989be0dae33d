#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct round {
  static constexpr ir::op_key key{"round"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V x) {
    using math::round;
    return round(x);
  }
};
}  // namespace ops

/// round(x): the nearest whole number, of two the even one.
/// shape     that of x
/// dtype     float, double
/// numerics  exact; infinities, NaN and -0 stay, round(-0.5) = -0
/// errors    integers or bool
/// source    ONNX Round-22
template <ops::tensor_operand X>
constexpr auto round(X const& x) {
  return ops::elementwise<ops::round>(x);
}

template <>
struct op_for<ops::round::key> : std::type_identity<ops::round> {};

}  // namespace etch
