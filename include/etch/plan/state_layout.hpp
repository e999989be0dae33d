#pragma once

#include <etch/ir/control.hpp>
#include <etch/ir/rewriter.hpp>
#include <etch/plan/arena.hpp>
#include <etch/plan/plan.hpp>
#include <etch/plan/shift_register.hpp>

namespace etch::plan {

/// Where the states of a graph are kept: the cursors of rings first, then one state after the
/// other.
class state_layout {
 public:
  struct placed {
    ir::node_id value;
    location at;
  };

  core::list<placed> values;  ///< states, windows of rings, and rows that are written into them
  core::list<ring> rings;     ///< in the order of their states
  core::list<int> ring_of;    ///< of each window and each value that is written into one, or -1
  core::list<shift_register> registers;  ///< of each ring
  std::int64_t bytes = 0;

  /// Nothing is kept; for regions, which have no states of their own.
  constexpr explicit state_layout(ir::graph const& graph) : ring_of(graph.nodes.size(), -1) {}

  constexpr void find(ir::graph const& graph, core::list<bool> const& at_load,
                      std::int64_t ring_calls) {
    core::list<shift_register> found;
    for (std::size_t i = 0; i < graph.states.size(); ++i) {
      found.push_back(shift_register_of(graph, static_cast<int>(i)));
      if (found.back().window >= 0) registers.push_back(found.back());
    }
    if (!registers.empty())
      memory_.take(static_cast<std::int64_t>(registers.size() * sizeof(std::int64_t)));
    for (std::size_t i = 0; i < graph.states.size(); ++i) {
      ir::node_id const read = graph.states[i].read;
      if (found[i].window >= 0)
        add_ring(graph, at_load, read, found[i], ring_calls);
      else
        put(graph, read, memory_.take(graph[read].type.bytes()));
    }
    bytes = memory_.bytes();
  }

 private:
  constexpr void put(ir::graph const& graph, ir::node_id value, std::int64_t offset,
                     int ring = -1) {
    values.push_back({value, {place::state, offset, graph[value].type, 0, 0, ring}});
  }

  constexpr void add_ring(ir::graph const& graph, core::list<bool> const& at_load, ir::node_id read,
                          shift_register const& of, std::int64_t ring_calls) {
    int const number = static_cast<int>(rings.size());
    std::int64_t const added = of.added_rows * of.row_bytes, kept = of.kept_rows * of.row_bytes;
    std::int64_t const one = kept + added * ring_calls;
    std::int64_t const offset = memory_.take(2 * one);
    rings.push_back({offset, one, added, of.row_bytes});
    put(graph, read, offset, number);
    put(graph, of.window, offset, number);
    ring_of[static_cast<std::size_t>(of.window)] = number;
    ir::node_id const from = computed_rows(graph, of.added, added);
    if (from < 0 || at_load[static_cast<std::size_t>(from)] ||
        ring_of[static_cast<std::size_t>(from)] >= 0)
      return;
    ring_of[static_cast<std::size_t>(from)] = number;
    put(graph, from, offset + kept, number);
  }

  /// The step that computes new rows, which can write them into their ring; -1: there is none.
  static constexpr ir::node_id computed_rows(ir::graph const& graph, ir::node_id rows,
                                             std::int64_t bytes) {
    while (!ir::is_leaf(graph[rows]) && view_offset(graph, graph[rows]) == 0 &&
           graph[graph.input(rows, 0)].type.bytes() == bytes)
      rows = graph.input(rows, 0);
    bool const is_step = !ir::is_leaf(graph[rows]) && !ir::is(graph[rows], ir::result_op) &&
                         view_offset(graph, graph[rows]) < 0;
    return is_step ? rows : -1;
  }

  arena memory_;
};

}  // namespace etch::plan
