#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct ceil {
  static constexpr ir::op_key key{"ceil"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V x) {
    using math::ceil;
    return ceil(x);
  }
};
}  // namespace ops

/// ceil(x): the smallest whole number not below x.
/// shape     that of x
/// dtype     float, double
/// numerics  exact; infinities, NaN and -0 stay, ceil(-0.5) = -0
/// errors    integers or bool
/// source    ONNX Ceil-13
template <ops::tensor_operand X>
constexpr auto ceil(X const& x) {
  return ops::elementwise<ops::ceil>(x);
}

template <>
struct op_for<ops::ceil::key> : std::type_identity<ops::ceil> {};

}  // namespace etch
