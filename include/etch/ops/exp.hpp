#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct exp {
  static constexpr ir::op_key key{"exp"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V x) {
    using math::exp;
    return exp(x);
  }
};
}  // namespace ops

/// exp(x): e to the power of x.
/// shape     that of x
/// dtype     float, double
/// numerics  at most 1 ulp; exp(-inf) = 0, NaN stays NaN
/// errors    integers or bool
/// source    ONNX Exp-13
template <ops::tensor_operand X>
constexpr auto exp(X const& x) {
  return ops::elementwise<ops::exp>(x);
}

template <>
struct op_for<ops::exp::key> : std::type_identity<ops::exp> {};

}  // namespace etch
