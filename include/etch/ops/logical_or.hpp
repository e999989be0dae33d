#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct logical_or {
  static constexpr ir::op_key key{"logical_or"};
  static constexpr ir::traits is{.elementwise = true, .commutative = true, .predicate = true};
  static constexpr auto takes = operand_kind::booleans;

  template <class V>
  static ETCH_INLINE constexpr V eval(V a, V b) {
    using math::select;
    return select(a != V(0), V(1), truth<V>(b != V(0)));
  }
};
}  // namespace ops

/// logical_or(a, b): true where one or both are.
/// shape     the NumPy broadcast of both
/// dtype     bool
/// numerics  exact
/// errors    operands that are not bool, shapes that do not broadcast
/// source    ONNX Or-7
template <class A, class B>
requires ops::operand_pair<A, B>
constexpr auto logical_or(A const& a, B const& b) {
  return ops::elementwise<ops::logical_or>(a, b);
}

template <>
struct op_for<ops::logical_or::key> : std::type_identity<ops::logical_or> {};

}  // namespace etch
