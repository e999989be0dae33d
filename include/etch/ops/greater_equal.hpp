#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct greater_equal {
  static constexpr ir::op_key key{"greater_equal"};
  static constexpr ir::traits is{.elementwise = true, .predicate = true};
  static constexpr auto takes = operand_kind::any;

  template <class V>
  static ETCH_INLINE constexpr V eval(V a, V b) {
    return truth<V>(a >= b);
  }
};
}  // namespace ops

/// greater_equal(a, b), a >= b.
/// shape     the NumPy broadcast of both
/// dtype     bool, from any dtype
/// numerics  exact; false where either is NaN; -0 equals +0
/// errors    dtypes that differ, shapes that do not broadcast, a number outside the dtype
/// source    ONNX GreaterOrEqual-16
template <class A, class B>
requires ops::operand_pair<A, B>
constexpr auto greater_equal(A const& a, B const& b) {
  return ops::elementwise<ops::greater_equal>(a, b);
}
template <class A, class B>
requires ops::operand_pair<A, B>
constexpr auto operator>=(A const& a, B const& b) {
  return ops::elementwise<ops::greater_equal>(a, b);
}

template <>
struct op_for<ops::greater_equal::key> : std::type_identity<ops::greater_equal> {};

}  // namespace etch
