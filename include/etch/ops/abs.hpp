#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct abs {
  static constexpr ir::op_key key{"abs"};
  static constexpr ir::traits is{.elementwise = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V x) {
    using math::abs;
    return abs(x);
  }
};
}  // namespace ops

/// abs(x): x without its sign.
/// shape     that of x
/// dtype     float, double, integers; that of the operands
/// numerics  exact; integers wrap, abs(min) is min; NaN stays NaN
/// errors    bool
/// source    ONNX Abs-13
template <ops::tensor_operand X>
constexpr auto abs(X const& x) {
  return ops::elementwise<ops::abs>(x);
}

template <>
struct op_for<ops::abs::key> : std::type_identity<ops::abs> {};

}  // namespace etch
