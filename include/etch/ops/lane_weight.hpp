#pragma once

#include <cstring>

#include <etch/ops/op_for.hpp>

namespace etch {

namespace ops {
/// A weight as an operand of values of many instances that lie side by side: the same for all of
/// them. Models do not name it: passes/across_lanes.hpp does. It is a view; plans with own weights
/// for each instance take it for [..., L] (runtime/side_by_side.hpp).
/// shape     w[...] -> [..., 1]
struct lane_weight {
  static constexpr ir::op_key key{"lane_weight"};
  static constexpr ir::traits is{};

  static constexpr char malformed[] = "the weight has no axis left";

  static constexpr ir::inferred infer(ir::operand_types in) {
    if (in[0].rank() == ir::max_rank) return ir::inferred(malformed);
    ir::tensor_type out = in[0];
    out.shape.push_back(1);
    return out;
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out) {
    std::memcpy(out.data, in[0].data, static_cast<std::size_t>(out.type.bytes()));
  }
};
}  // namespace ops

template <>
struct op_for<ops::lane_weight::key> : std::type_identity<ops::lane_weight> {};

}  // namespace etch
