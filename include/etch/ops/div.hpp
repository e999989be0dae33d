#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct div {
  static constexpr ir::op_key key{"div"};
  static constexpr ir::traits is{.elementwise = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V a, V b) {
    if constexpr (std::is_integral_v<V>) {
      if (b == V(0)) return V(0);
      if constexpr (std::is_signed_v<V>) {
        if (b == V(-1)) return static_cast<V>(std::uint64_t{0} - static_cast<std::uint64_t>(a));
      }
      return static_cast<V>(a / b);
    } else {
      return a / b;
    }
  }
};
}  // namespace ops

/// div(a, b), a / b.
/// shape     the NumPy broadcast of both
/// dtype     float, double, integers; that of the operands
/// numerics  one rounding; integers truncate towards zero, a / 0 is 0 and min / -1 is min
/// errors    dtypes that differ, bool, shapes that do not broadcast, a number outside the dtype
/// source    ONNX Div-14
template <class A, class B>
requires ops::operand_pair<A, B>
constexpr auto div(A const& a, B const& b) { return ops::elementwise<ops::div>(a, b); }
template <class A, class B>
requires ops::operand_pair<A, B>
constexpr auto operator/(A const& a, B const& b) { return ops::elementwise<ops::div>(a, b); }

template <>
struct op_for<ops::div::key> : std::type_identity<ops::div> {};

}  // namespace etch
