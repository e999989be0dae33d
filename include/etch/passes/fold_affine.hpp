#pragma once

#include <etch/ir/emit.hpp>
#include <etch/ir/rewriter.hpp>
#include <etch/ops/elementwise_ops.hpp>
#include <etch/ops/structured_ops.hpp>
#include <etch/passes/weight_tracker.hpp>

namespace etch::passes {

/// Moves a scale or a shift per output channel, known at load, into the linear or convolution
/// that feeds it: (x W + b) * s + t = x (W s) + (b s + t). So batch norm costs nothing at run time.
/// needs  canonical order (weights on the right)      keeps  types, names
/// numerics  rounding: the scaled weights are rounded
struct fold_affine {
  static constexpr std::string_view name = "fold_affine";

  constexpr ir::graph operator()(ir::graph const& before) const {
    auto const reads = ir::count_reads(before);
    ir::rewriter to(before);
    weight_tracker is_weight(to.after);
    for (ir::node_id id = 0; id < before.size(); ++id) {
      ir::node_id const added = to.copy(id);
      bool const scales = to.after[added].op == &ir::info_of<ops::mul>;
      bool const shifts = to.after[added].op == &ir::info_of<ops::add>;
      if (!scales && !shifts) continue;
      ir::node_id const y = to.after.input(added, 0), w = to.after.input(added, 1);
      bool const alone = reads[static_cast<std::size_t>(before.input(id, 0))] == 1;
      if (!alone || !is_weight(w) || is_weight(y) || !is_product(to.after, y, is_weight) ||
          !(to.after[y].type == to.after[added].type) || !per_channel(to.after, y, w))
        continue;
      to.put(id, scales ? scaled(to.after, y, w) : shifted(to.after, y, w));
    }
    return to.finish();
  }

 private:
  /// A linear or convolution by weights that are known at load.
  static constexpr bool is_product(ir::graph const& g, ir::node_id id, weight_tracker& is_weight) {
    if (g[id].op != &ir::info_of<ops::linear> && g[id].op != &ir::info_of<ops::conv2d>)
      return false;
    for (int i = 1; i < g[id].inputs.count; ++i) {
      if (!is_weight(g.input(id, i))) return false;
    }
    return true;
  }

  static constexpr int channel_axis(ir::graph const& g, ir::node_id y) {
    if (g[y].op == &ir::info_of<ops::linear>) return g[y].type.rank() - 1;
    return g.attrs_of<ops::conv2d::attrs>(y).channels_last ? 3 : 1;
  }

  /// True where w, broadcast to y, varies along the output channels at most.
  static constexpr bool per_channel(ir::graph const& g, ir::node_id y, ir::node_id w) {
    int const rank = g[y].type.rank(), axis = channel_axis(g, y);
    ir::shape const& s = g[w].type.shape;
    for (int i = 0; i < s.rank; ++i) {
      if (s[i] != 1 && rank - s.rank + i != axis) return false;
    }
    return true;
  }

  /// The weight as [C] or [1], with `ones` extents of 1 behind it.
  static constexpr ir::node_id as_vector(ir::graph& g, ir::node_id w, int ones = 0) {
    ops::reshape::attrs to;
    to.shape.push_back(g[w].type.elements());
    for (int i = 0; i < ones; ++i) to.shape.push_back(1);
    return ir::emit<ops::reshape>(g, {w}, to);
  }

  static constexpr ir::node_id rebuilt(ir::graph& g, ir::node_id y, ir::node_id weight,
                                       ir::node_id bias) {
    ir::node const n = g[y];
    ir::node_id const x = g.input(y, 0);
    core::list<std::int64_t> words;
    for (std::int64_t word : g.word_span(n)) words.push_back(word);
    core::list<ir::node_id> operands{x, weight};
    if (bias >= 0) operands.push_back(bias);
    return g.add(*n.op, n.type, {operands.data(), operands.size()}, {words.data(), words.size()});
  }

  static constexpr ir::node_id scaled(ir::graph& g, ir::node_id y, ir::node_id s) {
    bool const linear = g[y].op == &ir::info_of<ops::linear>;
    bool const in_out = linear && g.attrs_of<ops::linear::attrs>(y).in_out;
    int const ones = linear ? (in_out ? 0 : 1) : 3;
    ir::node_id const weight = ir::emit<ops::mul>(g, {g.input(y, 1), as_vector(g, s, ones)});
    ir::node_id bias = -1;
    if (g[y].inputs.count > 2) bias = ir::emit<ops::mul>(g, {g.input(y, 2), as_vector(g, s)});
    return rebuilt(g, y, weight, bias);
  }

  static constexpr ir::node_id shifted(ir::graph& g, ir::node_id y, ir::node_id t) {
    ir::node_id bias = as_vector(g, t);
    if (g[y].inputs.count > 2) {
      bias = ir::emit<ops::add>(g, {g.input(y, 2), bias});
    } else if (std::int64_t const channels = g[y].type.shape[channel_axis(g, y)];
               g[bias].type.elements() != channels) {
      ir::node_id const zeros = ir::add_constant(g, {g[y].type.dtype, ir::shape(channels)}, 0.0);
      bias = ir::emit<ops::add>(g, {zeros, bias});
    }
    return rebuilt(g, y, g.input(y, 1), bias);
  }
};

}  // namespace etch::passes
