#pragma once

#include <etch/ops/op_for.hpp>
#include <etch/ops/softmax_rule.hpp>

namespace etch {

namespace ops {

struct softmax : softmax_rule {
  static constexpr ir::op_key key{"softmax"};
  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    run<false>(in, out, a);
  }
};

}  // namespace ops

/// softmax<axis = -1>(x): exp(x - m) / sum(exp(x - m)) along the axis, m the maximum of the line.
/// shape     that of x
/// dtype     float, double
/// numerics  no overflow; a line with NaN or +inf, or of -inf alone, is NaN; the reference computes
///           in double and rounds once
/// errors    an axis out of range
/// source    ONNX Softmax-13
template <int Axis = -1, front::tensor_operand X>
constexpr auto softmax(X const& x) {
  return ops::record_softmax<ops::softmax, Axis>(x);
}

template <>
struct op_for<ops::softmax::key> : std::type_identity<ops::softmax> {};

}  // namespace etch
