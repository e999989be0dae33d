#pragma once

#include <cstdint>

#include <etch/ir/builtin.hpp>
#include <etch/kernels/winograd_layout.hpp>
#include <etch/ops/structured_ops.hpp>
#include <etch/plan/arena.hpp>
#include <etch/plan/attention_shape.hpp>
#include <etch/plan/plan.hpp>
#include <etch/plan/winograd_choice.hpp>

namespace etch::plan::detail {

/// The operations of a node and of its epilogue.
constexpr std::int64_t flops_of(ir::graph const& g, ir::node const& n, int own_operands) {
  std::int64_t flops = 0;
  if (!ir::is(n, ir::fused_op)) {
    ir::operand_type_list const types(g, n, own_operands);
    flops = n.op->flops(types, n.type, g.words_of(n));
  }
  if (n.region >= 0) {
    ir::graph const& region = g.region_of(n);
    for (ir::node const& inner : region.nodes) {
      if (ir::is_leaf(inner)) continue;
      ir::operand_type_list const types(region, inner);
      flops += inner.op->flops(types, inner.type, region.words_of(inner));
    }
  }
  return flops;
}

/// What a step reads and writes.
constexpr std::int64_t bytes_of(step const& s, core::list<location> const& operands) {
  std::int64_t bytes = s.result.type.bytes();
  for (location const& each : operands) bytes += each.type.bytes();
  return bytes;
}

/// What a kernel needs beside its operands and its result, in whole lines of 64 bytes.
constexpr std::int64_t scratch_bytes(ir::graph const& g, ir::node_id id, step const& s) {
  ir::node const& n = g[id];
  std::int64_t elements = 0;
  if (s.kernel == ir::op_key("softmax") && s.program.count > 0)
    elements = n.type.shape[n.type.rank() - 1];
  if (s.kernel == ir::op_key("attention")) elements = attention_scratch(g, n);
  if (s.kernel == ir::op_key("winograd")) {
    auto const shape = winograd_shape_of(g[g.input(id, 0)].type.shape, n.type.shape,
                                         g.attrs_of<ops::conv2d::attrs>(id), s.own_operands > 2);
    elements = n.type.dtype == ir::dtype::f64 ? kernels::winograd_scratch<double>(shape)
                                              : kernels::winograd_scratch<float>(shape);
  }
  return arena::aligned(elements * static_cast<std::int64_t>(size_of(n.type.dtype)));
}

}  // namespace etch::plan::detail
