#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct clamp : costs<2> {
  static constexpr ir::op_key key{"clamp"};
  static constexpr ir::traits is{.elementwise = true};
  struct attrs {
    double low = 0.0;
    double high = 1.0;
  };

  template <class V>
  static ETCH_INLINE constexpr V eval(V x, attrs const& a) {
    using math::clamp;
    return clamp(x, number<V>(a.low), number<V>(a.high));
  }
};
}  // namespace ops

/// clamp(x, low, high): low where x < low, high where x > high, else x.
/// shape     that of x
/// dtype     float, double, integers; low and high are rounded to it
/// numerics  exact; NaN stays NaN
/// errors    bool; low above high or NaN; a bound outside the dtype
/// source    ONNX Clip-13
template <ops::tensor_operand X, scalar Low, scalar High>
constexpr auto clamp(X const& x, Low low, High high) {
  using T = typename front::operand_tensor<X>::value_type;
  using numbers = ops::numbers_fit<ops::clamp, T, Low, High>;
  if constexpr (numbers::ok) {
    ops::clamp::attrs const bounds{ops::element<T>(low), ops::element<T>(high)};
    if (!(bounds.low <= bounds.high)) throw "etch: clamp: low is above high, or NaN";
    return ops::elementwise<ops::clamp>(bounds, x);
  } else {
    static_assert(numbers::ok,
                  "etch: this kind of number does not go with the dtype of the tensor");
    return x;
  }
}

template <>
struct op_for<ops::clamp::key> : std::type_identity<ops::clamp> {};

}  // namespace etch
