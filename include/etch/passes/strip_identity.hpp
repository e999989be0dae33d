#pragma once

#include <etch/ir/rewriter.hpp>

namespace etch::passes {

/// Replaces what does nothing at inference time (dropout) by its operand.
/// needs  nothing      keeps  order, types, names      numerics  exact
struct strip_identity {
  static constexpr std::string_view name = "strip_identity";

  constexpr ir::graph operator()(ir::graph const& before) const {
    ir::rewriter to(before);
    for (ir::node_id id = 0; id < before.size(); ++id) {
      if (before[id].op->is.identity)
        to.put(id, to[before.input(id, 0)]);
      else
        to.copy(id);
    }
    return to.finish();
  }
};

}  // namespace etch::passes
