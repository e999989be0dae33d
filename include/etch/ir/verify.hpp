#pragma once

#include <etch/ir/builtin.hpp>
#include <etch/ir/graph.hpp>
#include <etch/ir/rewriter.hpp>

namespace etch::ir {

/// The first thing wrong with a graph, or null. Checks: operands stand before their readers, their
/// number, the type each operator infers, inputs and outputs, and the same inside regions.
constexpr char const* problem_of(graph const& g) {
  for (node_id id = 0; id < g.size(); ++id) {
    node const& n = g[id];
    if (n.op == nullptr) return "etch: verify: a node has no operator";
    for (node_id in : g.inputs_of(n)) {
      if (in < 0 || in >= id) return "etch: verify: an operand does not stand before its reader";
    }
    for (int i = 0; i < n.type.rank(); ++i) {
      if (n.type.shape[i] <= 0) return "etch: verify: an extent is not positive";
    }
    int operand_count = n.inputs.count;
    if (n.region >= 0) {
      graph const& region = g.region_of(n);
      if (char const* inside = problem_of(region)) return inside;
      if (region.outputs.size() != 1) return "etch: verify: a region has one output";
      int const region_inputs = static_cast<int>(region.inputs.size());
      operand_count -= is(n, fused_op) ? 0 : region_inputs - 1;
      if (is(n, fused_op) && region_inputs != n.inputs.count)
        return "etch: verify: a fused node has as many operands as its region has inputs";
    }
    if (operand_count < n.op->arity_min || operand_count > n.op->arity_max)
      return "etch: verify: the number of operands is wrong";
    if (is_leaf(n) || is(n, fused_op)) continue;
    operand_type_list const types(g, n, operand_count);
    auto const result = n.op->infer(types, g.words_of(n));
    if (!result.ok()) return result.problem;
    if (n.region < 0 && !(result.type == n.type))
      return "etch: verify: the type of a node is not what its operator infers";
  }
  if (g.outputs.empty()) return "etch: verify: the graph has no output";
  for (node_id in : g.inputs) {
    if (in < 0 || in >= g.size() || !is(g[in], input_op))
      return "etch: verify: an input of the graph is not an input node";
  }
  for (node_id out : g.outputs) {
    if (out < 0 || out >= g.size()) return "etch: verify: an output is not a node of the graph";
  }
  if (g.states.empty()) return nullptr;
  core::list<bool> const known = weight_only(g);
  for (state_slot const& s : g.states) {
    if (s.read < 0 || s.read >= g.size() || !is(g[s.read], state_op))
      return "etch: verify: a state is not a state node";
    if (s.next < 0 || s.next >= g.size()) return "etch: verify: a state is never assigned";
    if (!(g[s.next].type == g[s.read].type))
      return "etch: verify: a state is assigned a value of another type";
    if (s.initial < 0) continue;
    if (s.initial >= g.size() || !known[static_cast<std::size_t>(s.initial)])
      return "etch: verify: the initial value of a state depends on the call";
    if (!(g[s.initial].type == g[s.read].type))
      return "etch: verify: the initial value of a state has another type";
  }
  return nullptr;
}

/// Throws the text of the first problem; in constant evaluation that is a compile error.
constexpr void verify(graph const& g) {
  if (char const* problem = problem_of(g)) throw problem;
}

}  // namespace etch::ir
