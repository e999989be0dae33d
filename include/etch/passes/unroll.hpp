#pragma once

#include <etch/ir/control.hpp>
#include <etch/ir/rewriter.hpp>

namespace etch::passes {

/// Writes the turns of a short loop one after the other, so that they fuse with each other and with
/// what is around them, and the number of a turn is a literal. Loops along a sequence stay: their
/// rows would become copies.
/// needs  nothing      keeps  types, names, order      numerics  exact
struct unroll {
  static constexpr std::string_view name = "unroll";
  static constexpr bool of_control = true;
  static constexpr std::int64_t most_nodes = 48;  ///< of all turns

  constexpr ir::graph operator()(ir::graph const& before) const {
    ir::rewriter to(before);
    core::list<core::list<ir::node_id>> results(before.nodes.size());  // of the loops that are gone
    for (ir::node_id id = 0; id < before.size(); ++id) {
      ir::node const& n = before[id];
      if (ir::is(n, ir::scan_op) && pays(before, n)) {
        results[index(id)] = turns_of(to, before, id);
        to.note_change();
      } else if (ir::is(n, ir::result_op) && !to.has(before.input(id, 0))) {
        to.put(id, results[index(before.input(id, 0))][index(ir::result_number(before, id))]);
      } else {
        to.copy(id);
      }
    }
    return to.finish();
  }

 private:
  static constexpr std::size_t index(int i) { return static_cast<std::size_t>(i); }

  static constexpr bool pays(ir::graph const& g, ir::node const& n) {
    ir::control_layout const at = ir::layout_of(g, n);
    if (at.sequences > 0 || at.results > at.carried || ir::has_control(g.region_of(n)))
      return false;
    std::int64_t computed = 0;
    for (ir::node const& inside : g.region_of(n).nodes) computed += ir::is_leaf(inside) ? 0 : 1;
    return at.length == 1 || at.length * computed <= most_nodes;
  }

  /// Adds all turns of a loop; returns the last carried values.
  static constexpr core::list<ir::node_id> turns_of(ir::rewriter& to, ir::graph const& before,
                                                    ir::node_id id) {
    ir::graph& g = to.after;
    ir::graph const region = before.region_of(before[id]);
    ir::control_layout const at = ir::layout_of(before, before[id]);
    core::list<ir::node_id> carried;
    for (int k = 0; k < at.carried; ++k) carried.push_back(to[before.input(id, k)]);
    for (std::int64_t turn = 0; turn < at.length; ++turn) {
      core::list<ir::node_id> now(region.nodes.size(), -1);
      int const first = at.counted ? 1 : 0;
      if (at.counted)
        now[index(region.inputs[0])] =
            ir::add_constant(g, {ir::dtype::i32, {}}, static_cast<double>(turn));
      for (int k = 0; k < at.carried; ++k)
        now[index(region.inputs[index(first + k)])] = carried[index(k)];
      for (int i = at.captures; i < before[id].inputs.count; ++i)
        now[index(region.inputs[index(i - at.captures + at.region_captures)])] =
            to[before.input(id, i)];
      for (ir::node_id inside = 0; inside < region.size(); ++inside) {
        if (now[index(inside)] >= 0 || ir::is_graph_input(region[inside])) continue;
        core::list<ir::node_id> operands;
        for (ir::node_id in : region.inputs_of(inside)) operands.push_back(now[index(in)]);
        ir::node const& n = region[inside];
        ir::node_id const added =
            g.add(*n.op, n.type, {operands.data(), operands.size()}, region.word_span(n));
        if (n.region >= 0) g[added].region = g.add_region(region.region_of(n));
        now[index(inside)] = added;
      }
      for (int k = 0; k < at.carried; ++k) carried[index(k)] = now[index(region.outputs[index(k)])];
    }
    return carried;
  }
};

}  // namespace etch::passes
