#pragma once

#include <etch/ir/rewriter.hpp>
#include <etch/passes/region_builder.hpp>
#include <etch/passes/row_view.hpp>

namespace etch::passes {

/// Moves elementwise work into the step whose result it reads, where that result is still in
/// registers: activations, residual sums, scales behind linear, matmul, conv2d, pooling, norms,
/// softmax and reductions; with it what computes its other operands, if that is elementwise and
/// read by nobody else. The step gets a region; its first input is the step's own result. needs
/// channels_last; no regions      keeps  types, names      numerics  exact
struct fuse_epilogue {
  static constexpr std::string_view name = "fuse_epilogue";
  static constexpr std::size_t most_operands = 6;

  constexpr ir::graph operator()(ir::graph const& before) const {
    groups found(before);
    ir::rewriter to(before);
    for (ir::node_id id = 0; id < before.size(); ++id) {
      ir::node_id const anchor = found.anchor[static_cast<std::size_t>(id)];
      if (anchor < 0)
        to.copy(id);
      else if (found.tail[static_cast<std::size_t>(anchor)] == id)
        to.put(id, fused(to, before, found, anchor, id));
    }
    return to.finish();
  }

 private:
  /// Which anchor each node belongs to, and the first and last node of each anchor's group.
  struct groups {
    core::list<ir::node_id> anchor, head, tail;

    constexpr explicit groups(ir::graph const& g)
        : anchor(g.nodes.size(), -1), head(g.nodes.size(), -1), tail(g.nodes.size(), -1) {
      auto const reads = ir::count_reads(g);
      auto const known = ir::weight_only(g);
      core::list<int> operands(g.nodes.size(), 0);
      for (ir::node_id id = 0; id < g.size(); ++id) {
        auto const at = static_cast<std::size_t>(id);
        ir::node const& n = g[id];
        if (known[at]) continue;
        if (view_of(g, n).rows > 0 && weights_are_known(g, n, known)) {
          anchor[at] = head[at] = tail[at] = id;
          continue;
        }
        if (!n.op->is.elementwise) continue;
        ir::node_id best = -1;  // the latest computed, so that the other is there already
        for (ir::node_id in : g.inputs_of(n)) {
          ir::node_id const root = anchor[static_cast<std::size_t>(in)];
          if (root < 0 || tail[static_cast<std::size_t>(root)] != in) continue;
          if (reads[static_cast<std::size_t>(in)] != 1 || !takes(g, root, n, in)) continue;
          if (best < 0 || in > tail[static_cast<std::size_t>(best)]) best = root;
        }
        if (best < 0) continue;
        auto& used = operands[static_cast<std::size_t>(best)];
        if (used + n.inputs.count - 1 > static_cast<int>(most_operands)) continue;
        used += n.inputs.count - 1;
        anchor[at] = best;
        tail[static_cast<std::size_t>(best)] = id;
        for (ir::node_id in : g.inputs_of(n)) {
          ir::node const& m = g[in];
          bool const alone = anchor[static_cast<std::size_t>(in)] < 0 &&
                             reads[static_cast<std::size_t>(in)] == 1 &&
                             !known[static_cast<std::size_t>(in)];
          if (!alone || !m.op->is.elementwise || !takes(g, best, m, -1)) continue;
          if (used + m.inputs.count - 1 > static_cast<int>(most_operands)) continue;
          used += m.inputs.count - 1;
          anchor[static_cast<std::size_t>(in)] = best;
          if (in < head[static_cast<std::size_t>(best)]) head[static_cast<std::size_t>(best)] = in;
        }
      }
    }

    /// Kernels of linear and conv2d read packed weights; products of two run-time tensors are
    /// matmul's.
    static constexpr bool weights_are_known(ir::graph const& g, ir::node const& n,
                                            core::list<bool> const& known) {
      if (!detail::is_any<ops::linear, ops::conv2d>(n)) return true;
      for (int i = 1; i < n.inputs.count; ++i) {
        if (!known[static_cast<std::size_t>(g.inputs_of(n)[static_cast<std::size_t>(i)])])
          return false;
      }
      return true;
    }

    /// True where n has the anchor's shape and dtype, and its other operands can be addressed by
    /// row and column.
    static constexpr bool takes(ir::graph const& g, ir::node_id root, ir::node const& n,
                                ir::node_id from) {
      if (!(n.type == g[root].type)) return false;
      row_view const view = view_of(g, g[root]);
      for (ir::node_id in : g.inputs_of(n)) {
        if (in == from) continue;
        ir::tensor_type const& type = g[in].type;
        if (type.dtype != n.type.dtype && type.dtype != dtype::bool_) return false;
        if (!strides_in(view, n.type.shape, type.shape).ok) return false;
      }
      return true;
    }
  };

  static constexpr ir::node_id fused(ir::rewriter& to, ir::graph const& before, groups const& found,
                                     ir::node_id anchor, ir::node_id tail) {
    if (tail == anchor) return to.copy(anchor);
    region_builder body(before);
    body.add_operand(anchor);
    for (ir::node_id id = found.head[static_cast<std::size_t>(anchor)]; id <= tail; ++id) {
      if (id != anchor && found.anchor[static_cast<std::size_t>(id)] == anchor) body.add(id);
    }
    body.finish(tail);
    ir::node_id const added = to.copy(anchor);
    core::list<ir::node_id> operands;
    for (ir::node_id in : to.after.inputs_of(added)) operands.push_back(in);
    for (std::size_t i = 1; i < body.outside.size(); ++i) operands.push_back(to[body.outside[i]]);
    to.after[added].inputs = to.after.add_edges({operands.data(), operands.size()});
    to.after[added].region = to.after.add_region(std::move(body.region));
    return added;
  }
};

}  // namespace etch::passes
