#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct min {
  static constexpr ir::op_key key{"min"};
  static constexpr ir::traits is{.elementwise = true, .commutative = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V a, V b) {
    using math::min;
    return min(a, b);
  }
};
}  // namespace ops

/// minimum(a, b), min(a, b): the smaller of both.
/// shape     the NumPy broadcast of both
/// dtype     float, double, integers; that of the operands
/// numerics  exact; NaN where either is NaN; of -0 and +0 either
/// errors    dtypes that differ, bool, shapes that do not broadcast, a number outside the dtype
/// source    ONNX Min-13
template <class A, class B>
requires ops::operand_pair<A, B>
constexpr auto minimum(A const& a, B const& b) { return ops::elementwise<ops::min>(a, b); }
template <class A, class B>
requires ops::operand_pair<A, B>
constexpr auto min(A const& a, B const& b) { return ops::elementwise<ops::min>(a, b); }

template <>
struct op_for<ops::min::key> : std::type_identity<ops::min> {};

}  // namespace etch
