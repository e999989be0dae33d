#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct cos {
  static constexpr ir::op_key key{"cos"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V x) {
    using math::cos;
    return cos(x);
  }
};
}  // namespace ops

/// cos(x): the cosine of x, in radians.
/// shape     that of x
/// dtype     float, double
/// units     radians
/// numerics  at most 2 ulp for every finite x; cos(+-inf) = NaN
/// errors    integers or bool
/// source    ONNX Cos-7
template <ops::tensor_operand X>
constexpr auto cos(X const& x) {
  return ops::elementwise<ops::cos>(x);
}

template <>
struct op_for<ops::cos::key> : std::type_identity<ops::cos> {};

}  // namespace etch
