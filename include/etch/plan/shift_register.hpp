#pragma once

#include <cstdint>

#include <etch/core/list.hpp>
#include <etch/ir/builtin.hpp>
#include <etch/ops/concat.hpp>
#include <etch/plan/view_offset.hpp>

namespace etch::plan {

/// A state that holds the last rows of a signal: a call joins it with new rows, and keeps the last
/// rows of both. Such a state is a ring in which only the new rows are written.
struct shift_register {
  int state = -1;
  ir::node_id window = -1;  ///< the concat of what was kept and what is new
  ir::node_id added = -1;   ///< the new rows
  std::int64_t kept_rows = 0, added_rows = 0;
  std::int64_t row_bytes = 0;
};

namespace detail {

/// Where `id` begins among the elements of `whole`, of which it is a view; -1 if it is none.
constexpr std::int64_t offset_within(ir::graph const& g, ir::node_id id, ir::node_id whole) {
  std::int64_t offset = 0;
  while (id != whole) {
    std::int64_t const step = ir::is_leaf(g[id]) ? -1 : view_offset(g, g[id]);
    if (step < 0) return -1;
    offset += step;
    id = g.input(id, 0);
  }
  return offset;
}

}  // namespace detail

/// Whether state number `state` of a graph is one; `window` is -1 where it is not.
constexpr shift_register shift_register_of(ir::graph const& g, int state) {
  ir::state_slot const& slot = g.states[static_cast<std::size_t>(state)];
  shift_register found;
  for (ir::node_id id = slot.read + 1; id < g.size(); ++id) {
    ir::node const& n = g[id];
    if (n.op != &ir::info_of<ops::concat> || n.inputs.count != 2 || g.input(id, 0) != slot.read)
      continue;
    int const axis = core::from_words<ops::concat::attrs>(g.words_of(n)).axis;
    ir::node_id const added = g.input(id, 1);
    if (n.type.shape.product(0, axis) != 1 || added == slot.read) continue;
    std::int64_t const row = n.type.shape.product(axis + 1, n.type.rank());
    std::int64_t const rows = g[added].type.shape[axis];
    if (detail::offset_within(g, slot.next, id) != rows * row) continue;
    found = {state, id,
             added, g[slot.read].type.shape[axis],
             rows,  row * static_cast<std::int64_t>(size_of(n.type.dtype))};
    break;
  }
  return found;
}

}  // namespace etch::plan
