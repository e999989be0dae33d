#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct relu {
  static constexpr ir::op_key key{"relu"};
  static constexpr ir::traits is{.elementwise = true};

  template <class V>
  static ETCH_INLINE constexpr V eval(V x) {
    using math::relu;
    return relu(x);
  }
};
}  // namespace ops

/// relu(x): 0 where x < 0, else x.
/// shape     that of x
/// dtype     float, double, integers; that of the operands
/// numerics  exact; NaN stays NaN, -0 stays -0 or becomes 0
/// errors    bool
/// source    Nair, Hinton 2010; ONNX Relu-14
template <ops::tensor_operand X>
constexpr auto relu(X const& x) {
  return ops::elementwise<ops::relu>(x);
}

template <>
struct op_for<ops::relu::key> : std::type_identity<ops::relu> {};

}  // namespace etch
