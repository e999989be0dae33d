#pragma once

#include <etch/ir/rewriter.hpp>

namespace etch::passes {

/// Drops every node that no output or state reads.
/// needs  topological order      keeps  order, types, names, the inputs, the states
/// numerics  exact
struct dead_code {
  static constexpr std::string_view name = "dead_code";

  constexpr ir::graph operator()(ir::graph const& before) const {
    core::list<bool> read(before.nodes.size(), false);
    before.for_each_result([&](ir::node_id id) { read[static_cast<std::size_t>(id)] = true; });
    for (std::size_t id = before.nodes.size(); id-- > 0;) {
      if (!read[id]) continue;
      for (ir::node_id in : before.inputs_of(before.nodes[id]))
        read[static_cast<std::size_t>(in)] = true;
    }
    return ir::keep(before, read);
  }
};

}  // namespace etch::passes
