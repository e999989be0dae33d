#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct gelu {
  static constexpr ir::op_key key{"gelu"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};
  struct attrs {
    bool tanh_approximation = false;
  };

  template <class V>
  static ETCH_INLINE constexpr V eval(V x, attrs const& a) {
    using math::fma;
    using math::normal_cdf;
    using math::tanh;
    if (!a.tanh_approximation) return x * normal_cdf(x);
    V const cubic = fma(number<V>(0.044715) * x * x, x, x);
    return number<V>(0.5) * x *
           (V(1) + tanh(number<V>(0.79788456080286535588) * cubic));  // sqrt(2 / pi)
  }

  static constexpr std::int64_t flops(ir::operand_types, ir::tensor_type const& out,
                                      attrs const& a) {
    return (a.tanh_approximation ? 9 : 5) * out.elements();
  }
};
}  // namespace ops

/// gelu(x): 0.5 x (1 + erf(x / sqrt(2))); with `tanh_approximation`
/// 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).
/// shape     that of x
/// dtype     float, double
/// numerics  |error| <= 1.5 eps max(1, |x|), eps the distance from 1 to the next number; that is
///           not relative to the result, which goes to 0 far below 0. NaN stays NaN, gelu(-inf) =
///           NaN as in PyTorch
/// errors    integers or bool
/// source    Hendrycks, Gimpel 2016; ONNX Gelu-20
template <ops::tensor_operand X>
constexpr auto gelu(X const& x, bool tanh_approximation = false) {
  return ops::elementwise<ops::gelu>({tanh_approximation}, x);
}

template <>
struct op_for<ops::gelu::key> : std::type_identity<ops::gelu> {};

}  // namespace etch
