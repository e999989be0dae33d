#pragma once

#include <etch/ir/rewriter.hpp>

namespace etch::passes {

/// Gathers elementwise nodes into a region: a closed graph whose inputs are the operands that the
/// nodes read from outside. Literals with one value go inside if the builder is told so.
class region_builder {
 public:
  constexpr explicit region_builder(ir::graph const& before, bool literals_inside = true)
      : before_(before), literals_inside_(literals_inside), inside_(before.nodes.size(), -1) {}

  ir::graph region;
  core::list<ir::node_id> outside;  ///< the nodes of `before` behind the region's inputs

  constexpr ir::node_id add_operand(ir::node_id id) {
    ir::node_id& in = inside_[static_cast<std::size_t>(id)];
    if (in >= 0) return in;
    if (literals_inside_ && ir::is_splat(before_, id)) {
      in = ir::add_constant(region, before_[id].type, ir::constant_value(before_, id));
    } else {
      in = ir::add_input(region, before_[id].type);
      outside.push_back(id);
    }
    return in;
  }

  constexpr void add(ir::node_id id) {
    ir::node const& n = before_[id];
    core::list<ir::node_id> operands;
    for (ir::node_id in : before_.inputs_of(n)) operands.push_back(add_operand(in));
    inside_[static_cast<std::size_t>(id)] =
        region.add(*n.op, n.type, {operands.data(), operands.size()}, before_.word_span(n));
  }

  constexpr void finish(ir::node_id result) {
    region.outputs.push_back(inside_[static_cast<std::size_t>(result)]);
  }

 private:
  ir::graph const& before_;
  bool literals_inside_;
  core::list<ir::node_id> inside_;
};

}  // namespace etch::passes
