#pragma once

#include <etch/ir/builtin.hpp>
#include <etch/ir/control.hpp>
#include <etch/ir/graph.hpp>
#include <etch/ir/rewriter.hpp>

namespace etch::ir {

constexpr char const* problem_of(graph const& g, bool may_return_nothing = false);

namespace detail {

/// What is wrong with a control node's operands and regions, whose own nodes are good.
constexpr char const* problem_of_control(graph const& g, node const& n) {
  if (n.region < 0) return "etch: verify: a control node has no region";
  int const given = is(n, scan_op) ? 1 : 2;
  if (n.region + given > static_cast<int>(g.regions.size()))
    return "etch: verify: a region of a control node is missing";
  for (int i = 0; i < given; ++i) {
    graph const& region = control_region(g, n, i);
    if (char const* inside = problem_of(region, true)) return inside;
    if (!region.states.empty()) return "etch: verify: a region has states";
  }
  control_layout const at = layout_of(g, n);
  auto const operands = g.inputs_of(n);
  int const count = static_cast<int>(operands.size());
  if (at.carried < 0 || at.sequences < 0 || count < at.captures)
    return "etch: verify: a control node has too few operands";
  if (at.length < 1) return "etch: verify: a loop does not turn once";
  auto const type_of = [&](int operand) {
    return g[operands[static_cast<std::size_t>(operand)]].type;
  };
  if (is(n, cond_op) && !(type_of(0).dtype == dtype::bool_ && type_of(0).elements() == 1))
    return "etch: verify: a cond is decided by no bool";
  for (int i = 0; i < at.regions; ++i) {
    graph const& region = control_region(g, n, i);
    if (static_cast<int>(region.inputs.size()) != at.region_captures + count - at.captures)
      return "etch: verify: a region does not take what its control node hands to it";
    int const turn = at.counted ? 1 : 0;
    for (int in = 0; in < static_cast<int>(region.inputs.size()); ++in) {
      tensor_type const& type = region[region.inputs[static_cast<std::size_t>(in)]].type;
      tensor_type wanted{dtype::i32, {}};
      if (in >= turn) {
        int const operand = in - turn + (is(n, cond_op) ? 1 : 0);
        wanted = type_of(operand);
        if (operand >= at.carried && operand < at.captures && is(n, scan_op)) {
          if (wanted.rank() == 0 || wanted.shape[0] != at.length)
            return "etch: verify: a sequence has not the length of its scan";
          wanted = row_of(wanted);
        }
      }
      if (!(type == wanted)) return "etch: verify: an input of a region has another type";
    }
  }
  graph const& last = control_region(g, n, at.regions - 1);
  if (static_cast<int>(last.outputs.size()) < at.carried)
    return "etch: verify: a body returns fewer values than it carries";
  for (int i = 0; i < at.carried; ++i) {
    if (!(last[last.outputs[static_cast<std::size_t>(i)]].type == type_of(i)))
      return "etch: verify: a body changes the type of a carried value";
  }
  graph const& first = control_region(g, n, 0);
  if (is(n, while_loop_op)) {
    if (first.outputs.size() != 1) return "etch: verify: the condition of a while_loop is no bool";
    tensor_type const& on = first[first.outputs[0]].type;
    if (on.dtype != dtype::bool_ || on.elements() != 1)
      return "etch: verify: the condition of a while_loop is no bool";
    if (static_cast<int>(last.outputs.size()) != at.carried)
      return "etch: verify: the body of a while_loop returns more than it carries";
  }
  if (is(n, cond_op)) {
    if (first.outputs.size() != last.outputs.size())
      return "etch: verify: the branches of a cond return different numbers of values";
    for (std::size_t i = 0; i < first.outputs.size(); ++i) {
      if (!(first[first.outputs[i]].type == last[last.outputs[i]].type))
        return "etch: verify: the branches of a cond return different types";
    }
  }
  return nullptr;
}

constexpr char const* problem_of_result(graph const& g, node_id id) {
  node const& from = g[g.input(id, 0)];
  int const number = result_number(g, id);
  if (g[id].inputs.count != 1 || !is_control(from))
    return "etch: verify: a result is read from no control node";
  if (number < 0 || number >= layout_of(g, from).results)
    return "etch: verify: a control node has no result of that number";
  if (!(g[id].type == result_type(g, from, number)))
    return "etch: verify: a result has another type than its control node gives it";
  return nullptr;
}

}  // namespace detail

/// The first thing wrong with a graph, or null. Checks: operands stand before their readers, their
/// number, the type each operator infers, inputs and outputs, and the same inside regions. A loop
/// whose values nobody reads may have a body that returns nothing.
constexpr char const* problem_of(graph const& g, bool may_return_nothing) {
  for (node_id id = 0; id < g.size(); ++id) {
    node const& n = g[id];
    if (n.op == nullptr) return "etch: verify: a node has no operator";
    for (node_id in : g.inputs_of(n)) {
      if (in < 0 || in >= id) return "etch: verify: an operand does not stand before its reader";
      if (is_control(g[in]) && !is(n, result_op))
        return "etch: verify: a control node is read by something else than a result";
    }
    for (int i = 0; i < n.type.rank(); ++i) {
      if (n.type.shape[i] <= 0) return "etch: verify: an extent is not positive";
    }
    if (is_control(n)) {
      if (char const* problem = detail::problem_of_control(g, n)) return problem;
      continue;
    }
    if (is(n, result_op)) {
      if (char const* problem = detail::problem_of_result(g, id)) return problem;
      continue;
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
  if (g.outputs.empty() && !may_return_nothing) return "etch: verify: the graph has no output";
  for (node_id in : g.inputs) {
    if (in < 0 || in >= g.size() || !is_graph_input(g[in]))
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
