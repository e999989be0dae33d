#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct elu : costs<4> {
  static constexpr ir::op_key key{"elu"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};
  struct attrs {
    double alpha = 1.0;
  };

  template <class V>
  static ETCH_INLINE constexpr V eval(V x, attrs const& a) {
    using math::exp;
    using math::select;
    return select(x > V(0), x, number<V>(a.alpha) * (exp(x) - V(1)));
  }
};
}  // namespace ops

/// elu(x, alpha): x where x > 0, alpha (exp(x) - 1) elsewhere.
/// shape     that of x
/// dtype     float, double; alpha is rounded to it
/// numerics  for x <= 0: |error| <= eps |alpha|, eps the distance from 1 to the next number. That
///           is not relative to the result: near 0 the digits that exp(x) - 1 cancels are lost. NaN
///           stays NaN
/// errors    integers or bool
/// source    Clevert, Unterthiner, Hochreiter 2015; ONNX Elu-6
template <ops::tensor_operand X>
constexpr auto elu(X const& x, double alpha = 1.0) {
  using T = typename front::operand_tensor<X>::value_type;
  return ops::elementwise<ops::elu>({ops::element<T>(alpha)}, x);
}

template <>
struct op_for<ops::elu::key> : std::type_identity<ops::elu> {};

}  // namespace etch
