#pragma once

#include <etch/ir/emit.hpp>
#include <etch/ir/rewriter.hpp>
#include <etch/ops/structured_ops.hpp>
#include <etch/passes/weight_tracker.hpp>

namespace etch::passes {

/// Moves reshapes that drop outer extents of 1 behind elementwise operators: what is computed as
/// [1, 1, T, C] and read as [T, C] gets its activation and residual as [1, 1, T, C], in the
/// epilogue of what computes it.
/// needs  no regions; `canonicalize` afterwards joins reshapes      keeps  types, names
/// numerics  exact
struct sink_reshape {
  static constexpr std::string_view name = "sink_reshape";

  constexpr ir::graph operator()(ir::graph const& before) const {
    ir::rewriter to(before);
    weight_tracker is_weight(to.after);
    for (ir::node_id id = 0; id < before.size(); ++id) {
      ir::node_id const added = to.copy(id);
      if (to.after[added].op->is.elementwise && !is_weight(added))
        to.put(id, sunk(to.after, added));
    }
    return to.finish();
  }

 private:
  /// True for a reshape that does nothing but drop outer extents of 1 of what a step computes.
  static constexpr bool drops_ones(ir::graph const& g, ir::node_id id) {
    if (g[id].op != &ir::info_of<ops::reshape>) return false;
    ir::node const& of = g[g.input(id, 0)];
    ir::shape const &from = of.type.shape, &to = g[id].type.shape;
    int const dropped = from.rank - to.rank;
    if (dropped <= 0 || ir::is_leaf(of) || of.op->is.view) return false;
    if (from.product(0, dropped) != 1) return false;
    for (int i = 0; i < to.rank; ++i) {
      if (from[dropped + i] != to[i]) return false;
    }
    return true;
  }

  static constexpr ir::node_id sunk(ir::graph& g, ir::node_id id) {
    ir::node const n = g[id];
    core::list<ir::node_id> operands;
    core::list<ir::tensor_type> types;
    bool any = false;
    for (int i = 0; i < n.inputs.count; ++i) {
      ir::node_id in = g.input(id, i);
      if (drops_ones(g, in)) {
        in = g.input(in, 0);
        any = true;
      }
      operands.push_back(in);
      types.push_back(g[in].type);
    }
    if (!any) return id;
    core::list<std::int64_t> words;
    for (std::int64_t word : g.word_span(n)) words.push_back(word);
    auto const type = n.op->infer({types.data(), types.size()}, words.data());
    ir::node_id const y =
        g.add(*n.op, type.type, {operands.data(), operands.size()}, {words.data(), words.size()});
    ops::reshape::attrs as_before;
    for (int i = 0; i < n.type.rank(); ++i) as_before.shape.push_back(n.type.shape[i]);
    return ir::emit<ops::reshape>(g, {y}, as_before);
  }
};

}  // namespace etch::passes
