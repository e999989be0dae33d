#pragma once

#include <etch/ops/op_for.hpp>
#include <etch/ops/softmax_rule.hpp>

namespace etch {

namespace ops {

struct log_softmax : softmax_rule {
  static constexpr ir::op_key key{"log_softmax"};
  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) { run<true>(in, out, a); }
};

}  // namespace ops

/// log_softmax<axis = -1>(x): x - m - log(sum(exp(x - m))) along the axis, m the maximum of the
/// line.
/// shape     that of x
/// dtype     float, double
/// numerics  no overflow; a line with NaN or +inf, or of -inf alone, is NaN; the reference computes
///           in double and rounds once
/// errors    an axis out of range
/// source    ONNX LogSoftmax-13
template <int Axis = -1, front::tensor_operand X>
constexpr auto log_softmax(X const& x) {
  return ops::record_softmax<ops::log_softmax, Axis>(x);
}

template <>
struct op_for<ops::log_softmax::key> : std::type_identity<ops::log_softmax> {};

}  // namespace etch
