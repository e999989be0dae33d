#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct log {
  static constexpr ir::op_key key{"log"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V x) {
    using math::log;
    return log(x);
  }
};
}  // namespace ops

/// log(x): the natural logarithm of x.
/// shape     that of x
/// dtype     float, double
/// numerics  at most 1 ulp; log(+-0) = -inf, log(x < 0) = NaN
/// errors    integers or bool
/// source    ONNX Log-13
template <ops::tensor_operand X>
constexpr auto log(X const& x) {
  return ops::elementwise<ops::log>(x);
}

template <>
struct op_for<ops::log::key> : std::type_identity<ops::log> {};

}  // namespace etch
