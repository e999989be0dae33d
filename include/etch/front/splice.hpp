#pragma once

#include <cstddef>
#include <span>

#include <etch/front/recorder.hpp>

namespace etch::front {

/// Records the nodes of a graph without regions in a model that is being recorded, its inputs being
/// nodes that are there. Parameters are shared by their names. Returns what its outputs became.
constexpr core::list<ir::node_id> splice(recorder& in, ir::graph const& g,
                                         std::span<ir::node_id const> inputs) {
  core::list<ir::node_id> to(g.nodes.size(), -1);
  auto const became = [&](ir::node_id id) -> ir::node_id& {
    return to[static_cast<std::size_t>(id)];
  };
  for (std::size_t i = 0; i < g.inputs.size(); ++i) became(g.inputs[i]) = inputs[i];
  core::list<int> states;  // the numbers that the graph's states have in the model
  for (ir::node_id id = 0; id < g.size(); ++id) {
    ir::node const& n = g[id];
    if (ir::is(n, ir::input_op)) continue;
    if (ir::is(n, ir::parameter_op)) {
      became(id) = in.parameter(n.type, g.name_of(id));
    } else if (ir::is(n, ir::state_op)) {
      int const number = in.state(n.type, g.name_of(id), -1);
      states.push_back(number);
      became(id) = in.graph.states[static_cast<std::size_t>(number)].read;
    } else {
      core::list<ir::node_id> operands;
      for (ir::node_id operand : g.inputs_of(n)) operands.push_back(became(operand));
      became(id) = in.graph.add(*n.op, n.type, {operands.data(), operands.size()}, g.word_span(n));
    }
  }
  for (std::size_t i = 0; i < g.states.size(); ++i) in.assign(states[i], became(g.states[i].next));
  core::list<ir::node_id> outputs;
  for (ir::node_id out : g.outputs) outputs.push_back(became(out));
  return outputs;
}

}  // namespace etch::front
