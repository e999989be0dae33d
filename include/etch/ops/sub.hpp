#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct sub {
  static constexpr ir::op_key key{"sub"};
  static constexpr ir::traits is{.elementwise = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V a, V b) {
    if constexpr (std::is_integral_v<V>)
      return static_cast<V>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
    else
      return a - b;
  }
};
}  // namespace ops

/// sub(a, b), a - b.
/// shape     the NumPy broadcast of both
/// dtype     float, double, integers; that of the operands
/// numerics  one rounding; integers wrap around
/// errors    dtypes that differ, bool, shapes that do not broadcast, a number outside the dtype
/// source    ONNX Sub-14
template <class A, class B>
requires ops::operand_pair<A, B>
constexpr auto sub(A const& a, B const& b) { return ops::elementwise<ops::sub>(a, b); }
template <class A, class B>
requires ops::operand_pair<A, B>
constexpr auto operator-(A const& a, B const& b) { return ops::elementwise<ops::sub>(a, b); }

template <>
struct op_for<ops::sub::key> : std::type_identity<ops::sub> {};

}  // namespace etch
