#pragma once

#include <span>
#include <string_view>

#include <etch/ir/builtin.hpp>
#include <etch/ir/graph.hpp>

namespace etch::ir {

/// Builds a graph from another, node by node in order. A pass decides for each node: `copy` it,
/// say which new node stands `for` it, or `drop` it; `finish` moves the graph's inputs, outputs
/// and names over.
class rewriter {
 public:
  constexpr explicit rewriter(graph const& before)
      : before_(before), to_(before.nodes.size(), dropped) {
    after.nodes.reserve(before.nodes.size());
    after.edges.reserve(before.edges.size());
    after.words = before.words;
    after.text = before.text;
    after.regions = before.regions;
  }

  graph after;

  /// The new node for an old one.
  constexpr node_id operator[](node_id old) const {
    node_id const id = to_[static_cast<std::size_t>(old)];
    if (id == dropped) throw "etch: ir: a node that was dropped is read";
    return id;
  }
  constexpr bool has(node_id old) const { return to_[static_cast<std::size_t>(old)] != dropped; }

  constexpr void put(node_id old, node_id instead) {
    node_id& now = to_[static_cast<std::size_t>(old)];
    if (now != instead && instead != copied_) changed_ = true;
    now = instead;
  }

  /// Says that a copied node was edited where it is.
  constexpr void note_change() { changed_ = true; }

  /// Copies a node with its attributes, name and region; its operands are what they became.
  constexpr node_id copy(node_id old) {
    node n = before_[old];
    int const first = static_cast<int>(after.edges.size());
    node_id const* const in = before_.edges.data() + n.inputs.first;
    for (int i = 0; i < n.inputs.count; ++i) after.edges.push_back((*this)[in[i]]);
    n.inputs.first = first;
    after.nodes.push_back(n);
    copied_ = after.size() - 1;
    put(old, copied_);
    return copied_;
  }

  constexpr graph finish() {
    for (node_id in : before_.inputs) after.inputs.push_back((*this)[in]);
    for (node_id out : before_.outputs) after.outputs.push_back((*this)[out]);
    after.in_call = before_.in_call;
    for (reshape_in_call& each : after.in_call.reshaped) each.node = -1;
    after.output_names = before_.output_names;
    for (state_slot const& s : before_.states)
      after.states.push_back(
          {(*this)[s.read], (*this)[s.next], s.initial < 0 ? -1 : (*this)[s.initial]});
    after.revision = before_.revision + (changed_ || after.size() != before_.size() ? 1 : 0);
    return static_cast<graph&&>(after);
  }

 private:
  static constexpr node_id dropped = -1;

  graph const& before_;
  core::list<node_id> to_;
  node_id copied_ = dropped;
  bool changed_ = false;
};

/// The graph with the nodes for which `kept` is true; inputs and states stay in any case.
constexpr graph keep(graph const& before, core::list<bool> const& kept) {
  rewriter to(before);
  for (node_id id = 0; id < before.size(); ++id) {
    if (kept[static_cast<std::size_t>(id)] || is_call_leaf(before[id]) ||
        is_graph_input(before[id]))
      to.copy(id);
  }
  return to.finish();
}

/// How many operands, outputs and states read each node.
constexpr core::list<int> count_reads(graph const& g) {
  core::list<int> reads(g.nodes.size(), 0);
  for (node const& n : g.nodes) {
    for (node_id in : g.inputs_of(n)) ++reads[static_cast<std::size_t>(in)];
  }
  g.for_each_result([&](node_id id) { ++reads[static_cast<std::size_t>(id)]; });
  return reads;
}

/// True for the nodes that depend on parameters and literals alone: they are computed at load.
constexpr core::list<bool> weight_only(graph const& g) {
  core::list<bool> known(g.nodes.size(), true);
  for (node_id id = 0; id < g.size(); ++id) {
    bool all = !is_call_time(g[id]);
    for (node_id in : g.inputs_of(id)) all = all && known[static_cast<std::size_t>(in)];
    known[static_cast<std::size_t>(id)] = all;
  }
  return known;
}

}  // namespace etch::ir
