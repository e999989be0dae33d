#pragma once

#include <cstdint>

#include <etch/core/list.hpp>
#include <etch/ir/builtin.hpp>
#include <etch/plan/shift_register.hpp>

namespace etch::plan {

/// How many rows of the input a row of the result depends on, the row itself among them; 0 where it
/// has no end, because a state goes on for ever. `rows`: of a call.
/// Counts the rows that states keep along each path from the input, in rows of the input.
constexpr std::int64_t receptive_field(ir::graph const& g, std::int64_t rows) {
  core::list<int> kept_by(g.nodes.size(), -1);  // of a window, the state that is in it
  for (std::size_t i = 0; i < g.states.size(); ++i) {
    shift_register const found = shift_register_of(g, static_cast<int>(i));
    if (found.window < 0) return 0;
    kept_by[static_cast<std::size_t>(found.window)] = static_cast<int>(i);
  }
  core::list<std::int64_t> reach(g.nodes.size(), 0);
  std::int64_t most = 0;
  for (ir::node_id id = 0; id < g.size(); ++id) {
    auto const at = static_cast<std::size_t>(id);
    for (ir::node_id in : g.inputs_of(id)) {
      std::int64_t const before = reach[static_cast<std::size_t>(in)];
      if (before > reach[at]) reach[at] = before;
    }
    if (kept_by[at] < 0) continue;
    shift_register const window = shift_register_of(g, kept_by[at]);
    reach[at] += window.kept_rows * rows / window.added_rows;
  }
  for (ir::node_id out : g.outputs) {
    if (reach[static_cast<std::size_t>(out)] > most) most = reach[static_cast<std::size_t>(out)];
  }
  return most + 1;
}

}  // namespace etch::plan
