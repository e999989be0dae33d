#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct logical_not {
  static constexpr ir::op_key key{"logical_not"};
  static constexpr ir::traits is{.elementwise = true, .predicate = true};
  static constexpr auto takes = operand_kind::booleans;

  template <class V>
  static ETCH_INLINE constexpr V eval(V x) {
    return truth<V>(x == V(0));
  }
};
}  // namespace ops

/// logical_not(x): true where x is false.
/// shape     that of x
/// dtype     bool
/// numerics  exact
/// errors    an operand that is not bool
/// source    ONNX Not-1
template <ops::tensor_operand X>
constexpr auto logical_not(X const& x) {
  return ops::elementwise<ops::logical_not>(x);
}

template <>
struct op_for<ops::logical_not::key> : std::type_identity<ops::logical_not> {};

}  // namespace etch
