#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct logical_and {
  static constexpr ir::op_key key{"logical_and"};
  static constexpr ir::traits is{.elementwise = true, .commutative = true, .predicate = true};
  static constexpr auto takes = operand_kind::booleans;

  template <class V>
  static ETCH_INLINE constexpr V eval(V a, V b) {
    using math::select;
    return select(a != V(0), truth<V>(b != V(0)), V(0));
  }
};
}  // namespace ops

/// logical_and(a, b): true where both are.
/// shape     the NumPy broadcast of both
/// dtype     bool
/// numerics  exact
/// errors    operands that are not bool, shapes that do not broadcast
/// source    ONNX And-7
template <class A, class B>
requires ops::operand_pair<A, B>
constexpr auto logical_and(A const& a, B const& b) {
  return ops::elementwise<ops::logical_and>(a, b);
}

template <>
struct op_for<ops::logical_and::key> : std::type_identity<ops::logical_and> {};

}  // namespace etch
