#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct leaky_relu : costs<2> {
  static constexpr ir::op_key key{"leaky_relu"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};
  struct attrs {
    double slope = 0.01;
  };

  template <class V>
  static ETCH_INLINE constexpr V eval(V x, attrs const& a) {
    using math::select;
    return select(x > V(0), x, number<V>(a.slope) * x);
  }
};
}  // namespace ops

/// leaky_relu(x, slope): x where x > 0, slope x elsewhere.
/// shape     that of x
/// dtype     float, double; slope is rounded to it
/// numerics  one rounding; NaN stays NaN
/// errors    integers or bool
/// source    Maas, Hannun, Ng 2013; ONNX LeakyRelu-16
template <ops::tensor_operand X>
constexpr auto leaky_relu(X const& x, double slope = 0.01) {
  using T = typename front::operand_tensor<X>::value_type;
  return ops::elementwise<ops::leaky_relu>({ops::element<T>(slope)}, x);
}

template <>
struct op_for<ops::leaky_relu::key> : std::type_identity<ops::leaky_relu> {};

}  // namespace etch
