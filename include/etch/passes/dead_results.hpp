#pragma once

#include <etch/ir/control.hpp>
#include <etch/ir/rewriter.hpp>

namespace etch::passes {

/// Takes out of loops and branches what nobody reads: results, carried values that only feed
/// themselves, sequences, captures.
/// needs  nothing; `dead_code` inside the regions shows what they read      keeps  order, types,
/// names of what is left      numerics  exact
struct dead_results {
  static constexpr std::string_view name = "dead_results";
  static constexpr bool of_control = true;

  constexpr ir::graph operator()(ir::graph const& before) const {
    ir::rewriter to(before);
    core::list<core::list<int>> numbers(before.nodes.size());  // of the results that are left
    for (ir::node_id id = 0; id < before.size(); ++id) {
      if (ir::is_control(before[id])) {
        numbers[static_cast<std::size_t>(id)] = pruned(to, before, id);
        continue;
      }
      ir::node_id const added = to.copy(id);
      if (!ir::is(before[id], ir::result_op)) continue;
      auto const& now = numbers[static_cast<std::size_t>(before.input(id, 0))];
      int const number = now[static_cast<std::size_t>(ir::result_number(before, id))];
      std::int64_t const words[] = {number};
      to.after[added].words = to.after.add_words(words);
    }
    return to.finish();
  }

 private:
  using flags = core::list<bool>;

  static constexpr std::size_t index(int i) { return static_cast<std::size_t>(i); }

  /// Which nodes of a region the marked outputs depend on.
  static constexpr flags read_by(ir::graph const& region, flags const& outputs) {
    flags read(region.nodes.size(), false);
    for (std::size_t k = 0; k < region.outputs.size(); ++k)
      if (outputs[k]) read[index(region.outputs[k])] = true;
    for (ir::node_id id = region.size(); id-- > 0;) {
      if (!read[index(id)]) continue;
      for (ir::node_id in : region.inputs_of(id)) read[index(in)] = true;
    }
    return read;
  }

  // Before its reader: clang 14 has no body for a later template yet when a constant expression
  // needs it.
  template <class Attrs>
  static constexpr void set_attrs(ir::graph& g, ir::node_id id, Attrs const& attributes) {
    core::list<std::int64_t> words;
    core::to_words(words, attributes);
    g[id].words = g.add_words({words.data(), words.size()});
  }

  /// Copies a control node without what is dead; returns the new number of each result.
  static constexpr core::list<int> pruned(ir::rewriter& to, ir::graph const& before,
                                          ir::node_id id) {
    ir::node const n = before[id];
    ir::control_layout const at = ir::layout_of(before, n);
    flags wanted(index(at.results), false);
    for (ir::node_id reader = id + 1; reader < before.size(); ++reader) {
      if (ir::is(before[reader], ir::result_op) && before.input(reader, 0) == id)
        wanted[index(ir::result_number(before, reader))] = true;
    }
    bool const loops = !ir::is(n, ir::cond_op);
    int const turn = at.counted ? 1 : 0;
    ir::graph const& last = ir::control_region(before, n, at.regions - 1);
    ir::graph const& first = ir::control_region(before, n, 0);
    flags live = wanted;
    live.resize(last.outputs.size());
    flags of_condition(first.nodes.size(), false);
    if (ir::is(n, ir::while_loop_op)) {
      of_condition = read_by(first, flags(1, true));
      for (int k = 0; k < at.carried; ++k)
        if (of_condition[index(first.inputs[index(k)])]) live[index(k)] = true;
    }
    flags read = read_by(last, live);
    for (bool grew = loops; grew;) {  // a live value keeps alive the carried values it reads
      grew = false;
      for (int k = 0; k < at.carried; ++k) {
        if (live[index(k)] || !read[index(last.inputs[index(turn + k)])]) continue;
        live[index(k)] = true;
        grew = true;
      }
      read = read_by(last, live);
    }
    flags read_first = of_condition;
    if (!loops) read_first = read_by(first, live);

    core::list<ir::node_id> operands;
    core::list<int> kept_inputs;  // of the regions
    int carried = 0, sequences = 0;
    for (int in = 0; in < turn; ++in)
      if (read[index(last.inputs[index(in)])]) kept_inputs.push_back(in);
    bool const counted = !kept_inputs.empty();
    for (int i = 0; i < n.inputs.count; ++i) {
      int const in = i < at.captures ? i + turn : i - at.captures + at.region_captures;
      bool const deciding = !loops && i == 0;
      bool keep = deciding;
      if (!deciding && loops && i < at.carried)
        keep = live[index(i)];
      else if (!deciding)
        keep = read[index(last.inputs[index(in)])] ||
               (at.regions == 2 && read_first[index(first.inputs[index(in)])]);
      if (!keep) continue;
      operands.push_back(to[before.input(id, i)]);
      if (deciding) continue;
      kept_inputs.push_back(in);
      if (i < at.carried)
        ++carried;
      else if (i < at.captures)
        ++sequences;
    }
    core::list<int> numbers(index(at.results), -1);
    int next = 0;
    for (std::size_t k = 0; k < live.size(); ++k)
      if (live[k]) numbers[k] = next++;
    for (int k = static_cast<int>(live.size()); k < at.results; ++k) numbers[index(k)] = next++;
    ir::node_id const added = to.copy(id);
    bool changed = static_cast<int>(operands.size()) != n.inputs.count || counted != at.counted;
    for (bool each : live) changed = changed || !each;
    if (!changed) return numbers;
    to.note_change();
    ir::graph& g = to.after;
    ir::change_regions(g, added, [&](ir::graph region, int i) {
      core::list<ir::node_id> inputs, outputs;
      for (int in : kept_inputs) inputs.push_back(region.inputs[index(in)]);
      bool const decides = ir::is(n, ir::while_loop_op) && i == 0;
      for (std::size_t k = 0; k < region.outputs.size(); ++k)
        if (decides || live[k]) outputs.push_back(region.outputs[k]);
      region.inputs = inputs;
      region.outputs = outputs;
      return without_dead(region);
    });
    g[added].inputs = g.add_edges({operands.data(), operands.size()});
    if (ir::is(n, ir::scan_op)) {
      auto a = g.attrs_of<ir::builtin::scan::attrs>(added);
      a.carried = carried;
      a.sequences = sequences;
      a.counted = counted;
      set_attrs(g, added, a);
    } else if (ir::is(n, ir::while_loop_op)) {
      auto a = g.attrs_of<ir::builtin::while_loop::attrs>(added);
      a.carried = carried;
      set_attrs(g, added, a);
    }
    return numbers;
  }

  /// The region without nodes that its outputs do not depend on and that are none of its inputs.
  static constexpr ir::graph without_dead(ir::graph const& region) {
    flags kept = read_by(region, flags(region.outputs.size(), true));
    for (ir::node_id in : region.inputs) kept[index(in)] = true;
    ir::rewriter to(region);
    for (ir::node_id id = 0; id < region.size(); ++id)
      if (kept[index(id)]) to.copy(id);
    return to.finish();
  }
};

}  // namespace etch::passes
