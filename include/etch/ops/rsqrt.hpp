#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct rsqrt : costs<2> {
  static constexpr ir::op_key key{"rsqrt"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V x) {
    using math::rsqrt;
    return rsqrt(x);
  }
};
}  // namespace ops

/// rsqrt(x): 1 / sqrt(x).
/// shape     that of x
/// dtype     float, double
/// numerics  a square root and a quotient: at most 1.5 ulp; rsqrt(+-0) = +-inf, rsqrt(x < 0) = NaN
/// errors    integers or bool
/// source    torch.rsqrt; ONNX Reciprocal-13 of Sqrt-13
template <ops::tensor_operand X>
constexpr auto rsqrt(X const& x) {
  return ops::elementwise<ops::rsqrt>(x);
}

template <>
struct op_for<ops::rsqrt::key> : std::type_identity<ops::rsqrt> {};

}  // namespace etch
