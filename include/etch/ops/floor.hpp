#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct floor {
  static constexpr ir::op_key key{"floor"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V x) {
    using math::floor;
    return floor(x);
  }
};
}  // namespace ops

/// floor(x): the largest whole number not above x.
/// shape     that of x
/// dtype     float, double
/// numerics  exact; infinities, NaN and -0 stay
/// errors    integers or bool
/// source    ONNX Floor-13
template <ops::tensor_operand X>
constexpr auto floor(X const& x) {
  return ops::elementwise<ops::floor>(x);
}

template <>
struct op_for<ops::floor::key> : std::type_identity<ops::floor> {};

}  // namespace etch
