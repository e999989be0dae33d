#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct pow {
  static constexpr ir::op_key key{"pow"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V a, V b) {
    using math::pow;
    return pow(a, b);
  }
};
}  // namespace ops

/// pow(a, b): a to the power of b.
/// shape     the NumPy broadcast of both
/// dtype     float, double
/// numerics  at most 1.5 ulp; the special cases of IEEE 754: pow(x, 0) = 1 and pow(1, x) = 1 even
///           for NaN, pow(x, b) = NaN for x < 0 and a b that is not whole
/// errors    dtypes that differ, integers, bool, shapes that do not broadcast
/// source    ONNX Pow-15
template <class A, class B>
requires ops::operand_pair<A, B>
constexpr auto pow(A const& a, B const& b) { return ops::elementwise<ops::pow>(a, b); }

template <>
struct op_for<ops::pow::key> : std::type_identity<ops::pow> {};

}  // namespace etch
