#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct erf {
  static constexpr ir::op_key key{"erf"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V x) {
    using math::erf;
    return erf(x);
  }
};
}  // namespace ops

/// erf(x): the error function of x.
/// shape     that of x
/// dtype     float, double
/// numerics  at most 1 ulp; erf(-0) = -0, erf(+-inf) = +-1, NaN stays NaN
/// errors    integers or bool
/// source    ONNX Erf-13
template <ops::tensor_operand X>
constexpr auto erf(X const& x) {
  return ops::elementwise<ops::erf>(x);
}

template <>
struct op_for<ops::erf::key> : std::type_identity<ops::erf> {};

}  // namespace etch
