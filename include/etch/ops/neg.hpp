#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct neg {
  static constexpr ir::op_key key{"neg"};
  static constexpr ir::traits is{.elementwise = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V x) {
    if constexpr (std::is_integral_v<V>)
      return static_cast<V>(std::uint64_t{0} - static_cast<std::uint64_t>(x));
    else
      return -x;
  }
};
}  // namespace ops

/// neg(x), -x: x with the other sign.
/// shape     that of x
/// dtype     float, double, integers; that of the operands
/// numerics  exact; integers wrap, -min is min; the sign of a NaN is not defined
/// errors    bool
/// source    ONNX Neg-13
template <ops::tensor_operand X>
constexpr auto neg(X const& x) {
  return ops::elementwise<ops::neg>(x);
}
template <ops::tensor_operand X>
constexpr auto operator-(X const& x) {
  return ops::elementwise<ops::neg>(x);
}

template <>
struct op_for<ops::neg::key> : std::type_identity<ops::neg> {};

}  // namespace etch
