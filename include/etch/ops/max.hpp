#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct max {
  static constexpr ir::op_key key{"max"};
  static constexpr ir::traits is{.elementwise = true, .commutative = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V a, V b) {
    using math::max;
    return max(a, b);
  }
};
}  // namespace ops

/// maximum(a, b), max(a, b): the larger of both.
/// shape     the NumPy broadcast of both
/// dtype     float, double, integers; that of the operands
/// numerics  exact; NaN where either is NaN; of -0 and +0 either
/// errors    dtypes that differ, bool, shapes that do not broadcast, a number outside the dtype
/// source    ONNX Max-13
template <class A, class B>
requires ops::operand_pair<A, B>
constexpr auto maximum(A const& a, B const& b) { return ops::elementwise<ops::max>(a, b); }
template <class A, class B>
requires ops::operand_pair<A, B>
constexpr auto max(A const& a, B const& b) { return ops::elementwise<ops::max>(a, b); }

template <>
struct op_for<ops::max::key> : std::type_identity<ops::max> {};

}  // namespace etch
