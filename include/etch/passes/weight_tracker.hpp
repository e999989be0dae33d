#pragma once

#include <etch/ir/builtin.hpp>

namespace etch::passes {

/// Says of the nodes of a growing graph whether they depend on parameters and literals alone.
class weight_tracker {
 public:
  constexpr explicit weight_tracker(ir::graph const& of) : graph_(of) {}

  constexpr bool operator()(ir::node_id id) {
    while (static_cast<ir::node_id>(known_.size()) <= id) {
      auto const next = static_cast<ir::node_id>(known_.size());
      bool all = !ir::is_call_time(graph_[next]);
      for (ir::node_id in : graph_.inputs_of(next))
        all = all && known_[static_cast<std::size_t>(in)];
      known_.push_back(all);
    }
    return known_[static_cast<std::size_t>(id)];
  }

 private:
  ir::graph const& graph_;
  core::list<bool> known_;
};

}  // namespace etch::passes
