#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct equal {
  static constexpr ir::op_key key{"equal"};
  static constexpr ir::traits is{.elementwise = true, .commutative = true, .predicate = true};
  static constexpr auto takes = operand_kind::any;

  template <class V>
  static ETCH_INLINE constexpr V eval(V a, V b) {
    return truth<V>(a == b);
  }
};
}  // namespace ops

/// equal(a, b), a == b.
/// shape     the NumPy broadcast of both
/// dtype     bool, from any dtype
/// numerics  exact; false where either is NaN; -0 equals +0
/// errors    dtypes that differ, shapes that do not broadcast, a number outside the dtype
/// source    ONNX Equal-13
template <class A, class B>
requires ops::operand_pair<A, B>
constexpr auto equal(A const& a, B const& b) { return ops::elementwise<ops::equal>(a, b); }
template <class A, class B>
requires ops::operand_pair<A, B>
constexpr auto operator==(A const& a, B const& b) { return ops::elementwise<ops::equal>(a, b); }

template <>
struct op_for<ops::equal::key> : std::type_identity<ops::equal> {};

}  // namespace etch
