#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct sin {
  static constexpr ir::op_key key{"sin"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V x) {
    using math::sin;
    return sin(x);
  }
};
}  // namespace ops

/// sin(x): the sine of x, in radians.
/// shape     that of x
/// dtype     float, double
/// units     radians
/// numerics  at most 2 ulp for every finite x; sin(+-inf) = NaN
/// errors    integers or bool
/// source    ONNX Sin-7
template <ops::tensor_operand X>
constexpr auto sin(X const& x) {
  return ops::elementwise<ops::sin>(x);
}

template <>
struct op_for<ops::sin::key> : std::type_identity<ops::sin> {};

}  // namespace etch
