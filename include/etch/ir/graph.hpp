#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include <etch/core/list.hpp>
#include <etch/core/pool.hpp>
#include <etch/ir/extent_array.hpp>
#include <etch/ir/op_info.hpp>

namespace etch::ir {

using node_id = int;

/// A part of one of the graph's pools.
struct range {
  int first = 0;
  int count = 0;
};

/// One operation and its one result; %id in text.
struct node {
  op_info const* op = nullptr;
  tensor_type type;
  range inputs;     ///< in graph::edges
  range words;      ///< the attributes, in graph::words
  range name;       ///< of inputs and parameters, in graph::text
  int region = -1;  ///< in graph::regions: what a fused step computes for each element, or what a
                    ///< control node runs; the second region of one is the next
};

/// A value that lives from call to call: `read` is what the call before left (a state node, which
/// has the name), `next` what this call leaves, `initial` (-1: zeros) what the first call finds,
/// which depends on weights alone.
struct state_slot {
  node_id read = 0;
  node_id next = -1;
  node_id initial = -1;
};

/// What a reshape of the model makes of a bounded value: it does not follow from its operand.
struct reshape_in_call {
  node_id node = -1;  ///< of the graph as recorded; -1 behind a pass
  extent_array extents{};
};

/// What calls decide about a graph, whose types are those at the bounds.
struct call_extents {
  core::list<extent> elements;    ///< of each input, those that a call has; empty where no input is
                                  ///< bounded
  core::list<extent_array> axes;  ///< of each input, the same axis by axis
  core::list<extent> parts;  ///< those with a divisor that are extents of inputs: whole numbers
  core::list<reshape_in_call> reshaped;
};

/// A model as a value: nodes in topological order, what it reads and what it returns. Works in
/// constant evaluation and at run time alike. Regions are closed graphs of their own (they read
/// nothing but their inputs), so a pass works inside them as it works outside. The grammar of the
/// text form is in ir/print.hpp.
struct graph {
  core::list<node> nodes;
  core::list<node_id> inputs;
  core::list<node_id> outputs;
  core::list<state_slot> states;
  call_extents in_call;
  core::list<node_id> edges;
  core::pool<std::int64_t> words;
  core::pool<char> text;
  core::list<range> output_names;  ///< empty where outputs have no names
  core::pool<graph> regions;
  int revision = 0;  ///< goes up when a pass changes something

  constexpr int size() const { return static_cast<int>(nodes.size()); }
  constexpr node const& operator[](node_id id) const { return nodes[static_cast<std::size_t>(id)]; }
  constexpr node& operator[](node_id id) { return nodes[static_cast<std::size_t>(id)]; }

  constexpr std::span<node_id const> inputs_of(node const& n) const {
    return {edges.data() + n.inputs.first, static_cast<std::size_t>(n.inputs.count)};
  }
  constexpr std::span<node_id const> inputs_of(node_id id) const { return inputs_of((*this)[id]); }
  constexpr node_id input(node_id id, int i) const {
    return edges[static_cast<std::size_t>((*this)[id].inputs.first + i)];
  }
  constexpr std::int64_t const* words_of(node const& n) const {
    return words.data() + n.words.first;
  }
  constexpr std::span<std::int64_t const> word_span(node const& n) const {
    return {words_of(n), static_cast<std::size_t>(n.words.count)};
  }
  constexpr std::string_view text_of(range r) const {
    return {text.data() + r.first, static_cast<std::size_t>(r.count)};
  }
  constexpr std::string_view name_of(node_id id) const { return text_of((*this)[id].name); }
  constexpr graph const& region_of(node const& n) const {
    return regions[static_cast<std::size_t>(n.region)];
  }

  template <class Attrs>
  constexpr Attrs attrs_of(node_id id) const {
    return core::from_words<Attrs>(words_of((*this)[id]));
  }

  /// Calls take(id) with each value that somebody outside of the graph reads: outputs, and what is
  /// kept in states.
  template <class Take>
  constexpr void for_each_result(Take const& take) const {
    for (node_id out : outputs) take(out);
    for (state_slot const& state : states) {
      take(state.next);
      if (state.initial >= 0) take(state.initial);
    }
  }

  constexpr range add_text(std::string_view added) {
    range const r{static_cast<int>(text.size()), static_cast<int>(added.size())};
    for (char c : added) text.push_back(c);
    return r;
  }
  constexpr range add_edges(std::span<node_id const> added) {
    range const r{static_cast<int>(edges.size()), static_cast<int>(added.size())};
    for (node_id id : added) edges.push_back(id);
    return r;
  }
  constexpr range add_words(std::span<std::int64_t const> added) {
    range const r{static_cast<int>(words.size()), static_cast<int>(added.size())};
    for (std::int64_t w : added) words.push_back(w);
    return r;
  }

  /// Appends a node; its inputs stand before it.
  constexpr node_id add(op_info const& op, tensor_type const& type,
                        std::span<node_id const> operands = {},
                        std::span<std::int64_t const> attributes = {}, std::string_view name = {}) {
    node n;
    n.op = &op;
    n.type = type;
    n.inputs = add_edges(operands);
    n.words = add_words(attributes);
    n.name = add_text(name);
    nodes.push_back(n);
    return size() - 1;
  }

  constexpr int add_region(graph region) {
    regions.push_back(static_cast<graph&&>(region));
    return static_cast<int>(regions.size()) - 1;
  }
};

/// The types of a node's operands, or of the first `count` of them.
class operand_type_list {
 public:
  constexpr operand_type_list(graph const& g, node const& n)
      : operand_type_list(g, n, n.inputs.count) {}
  constexpr operand_type_list(graph const& g, node const& n, int count)
      : count_(static_cast<std::size_t>(count)) {
    if (count_ > few) many_.resize(count_);
    tensor_type const** const types = count_ > few ? many_.data() : types_;
    node_id const* in = g.edges.data() + n.inputs.first;
    for (std::size_t i = 0; i < count_; ++i) types[i] = &g[in[i]].type;
  }
  constexpr operator operand_types() const {
    return {count_ > few ? many_.data() : types_, count_};
  }

 private:
  static constexpr std::size_t few = 6;
  tensor_type const* types_[few]{};
  core::list<tensor_type const*> many_;
  std::size_t count_;
};

}  // namespace etch::ir
