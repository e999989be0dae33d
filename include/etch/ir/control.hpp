#pragma once

#include <cstdint>

#include <etch/ir/builtin.hpp>
#include <etch/ir/rewriter.hpp>

namespace etch::ir {

// Nodes that run regions: a choice, a loop with a bound, a walk along sequences. A region of theirs
// is a graph of its own, whose inputs are what the node hands to it; what it reads of the graph
// around it is an operand of the node too, a capture. A control node has no value: `result` nodes
// read its results.

namespace builtin {

/// The type of the node says nothing.
struct control {
  static constexpr traits is{.control = true};
  static constexpr int arity_min = 1;
  static constexpr int arity_max = 1000;
  static constexpr inferred infer(operand_types) { return tensor_type{}; }
};

/// operands  a bool; captures
/// regions   where it is true, and where it is false: captures -> results
/// results   those of the region that ran
struct cond : control {
  static constexpr op_key key{"cond"};
};

/// operands  carried values; sequences, [length, ...]; captures
/// region    [the turn, i32;] carried values; a row of each sequence; captures -> carried values,
///           rows to be collected
/// results   the carried values behind the last turn; the collected rows, [length, ...]
struct scan : control {
  static constexpr op_key key{"scan"};
  struct attrs {
    int carried = 0;
    int sequences = 0;
    std::int64_t length = 1;
    bool reverse = false;  ///< from the last row to the first
    bool counted = false;  ///< the region reads the number of the turn
  };
};

/// operands  carried values; captures
/// regions   carried values; captures -> a bool, whether to go on; the same -> carried values
/// results   the carried values; how often the second region ran, i32; whether the first one
///           ended it (and not the limit), bool
struct while_loop : control {
  static constexpr op_key key{"while_loop"};
  struct attrs {
    int carried = 0;
    std::int64_t limit = 1;
  };
};

/// A result of a control node, by its number.
struct result : given {
  static constexpr op_key key{"result"};
  static constexpr int arity_min = 1;
  struct attrs {
    int number = 0;
  };
};

template <class Op>
inline constexpr op_info not_computed_with_attrs = [] {
  op_info info = not_computed<Op>;
  info.fields = detail::field_kinds<Op>;
  return info;
}();

}  // namespace builtin

inline constexpr op_info const& cond_op = builtin::not_computed<builtin::cond>;
inline constexpr op_info const& scan_op = builtin::not_computed_with_attrs<builtin::scan>;
inline constexpr op_info const& while_loop_op =
    builtin::not_computed_with_attrs<builtin::while_loop>;
inline constexpr op_info const& result_op = builtin::not_computed_with_attrs<builtin::result>;

constexpr bool is_control(node const& n) { return n.op->is.control; }

constexpr bool has_control(graph const& g) {
  for (node const& n : g.nodes) {
    if (is_control(n)) return true;
  }
  return false;
}

constexpr int result_number(graph const& g, node_id id) {
  return g.attrs_of<builtin::result::attrs>(id).number;
}

/// The type without its first extent, and with one more in front.
constexpr tensor_type row_of(tensor_type const& sequence) {
  tensor_type row{sequence.dtype, {}};
  for (int i = 1; i < sequence.rank(); ++i) row.shape.push_back(sequence.shape[i]);
  return row;
}
constexpr tensor_type sequence_of(tensor_type const& row, std::int64_t length) {
  tensor_type sequence{row.dtype, {}};
  sequence.shape.push_back(length);
  for (int i = 0; i < row.rank(); ++i) sequence.shape.push_back(row.shape[i]);
  return sequence;
}

/// How a control node's operands, regions and results are laid out.
struct control_layout {
  int regions = 1;
  int carried = 0;
  int sequences = 0;
  int captures = 0;         ///< where they begin among the operands
  int region_captures = 0;  ///< and among the inputs of each region
  std::int64_t length = 1;  ///< how often the last region runs at most
  bool reverse = false;
  bool counted = false;
  int results = 0;
};

constexpr control_layout layout_of(graph const& g, node const& n) {
  control_layout at;
  graph const& first = g.region_of(n);
  if (is(n, scan_op)) {
    auto const a = core::from_words<builtin::scan::attrs>(g.words_of(n));
    at.carried = a.carried;
    at.sequences = a.sequences;
    at.captures = a.carried + a.sequences;
    at.region_captures = at.captures + (a.counted ? 1 : 0);
    at.length = a.length;
    at.reverse = a.reverse;
    at.counted = a.counted;
    at.results = static_cast<int>(first.outputs.size());
  } else if (is(n, while_loop_op)) {
    auto const a = core::from_words<builtin::while_loop::attrs>(g.words_of(n));
    at.regions = 2;
    at.carried = at.captures = at.region_captures = a.carried;
    at.length = a.limit;
    at.results = a.carried + 2;
  } else {
    at.regions = 2;
    at.captures = 1;
    at.results = static_cast<int>(first.outputs.size());
  }
  return at;
}

/// Region `i` of a control node.
constexpr graph const& control_region(graph const& g, node const& n, int i) {
  return g.regions[static_cast<std::size_t>(n.region + i)];
}

/// The type of result `number` of a control node.
constexpr tensor_type result_type(graph const& g, node const& n, int number) {
  control_layout const at = layout_of(g, n);
  if (is(n, while_loop_op) && number >= at.carried)
    return {number == at.carried ? dtype::i32 : dtype::bool_, {}};
  graph const& region = control_region(g, n, at.regions - 1);
  tensor_type const& type = region[region.outputs[static_cast<std::size_t>(number)]].type;
  return is(n, scan_op) && number >= at.carried ? sequence_of(type, at.length) : type;
}

template <class Op>
constexpr node_id add_control(graph& g, op_info const& op, std::span<node_id const> operands,
                              attrs_of<Op> const& attributes, std::span<graph const> regions) {
  core::list<std::int64_t> words;
  core::to_words(words, attributes);
  node_id const id = g.add(op, {}, operands, {words.data(), words.size()});
  g[id].region = static_cast<int>(g.regions.size());
  for (graph const& each : regions) g.add_region(each);
  return id;
}

constexpr node_id add_result(graph& g, node_id control, int number) {
  core::list<std::int64_t> words;
  core::to_words(words, builtin::result::attrs{number});
  return g.add(result_op, result_type(g, g[control], number), {&control, 1},
               {words.data(), words.size()});
}

/// Puts change(region, its number) in the place of each region of a control node. Other holders of
/// the graph keep what they have.
template <class Change>
constexpr void change_regions(graph& g, node_id id, Change const& change) {
  int const count = layout_of(g, g[id]).regions, first = g[id].region;
  graph changed[2];
  for (int i = 0; i < count; ++i)
    changed[i] = change(g.regions[static_cast<std::size_t>(first + i)], i);
  g[id].region = static_cast<int>(g.regions.size());
  for (int i = 0; i < count; ++i) g.add_region(static_cast<graph&&>(changed[i]));
}

/// Says in every region which captures are known at load, from the outside to the inside.
constexpr void mark_captured_weights(graph& g) {
  core::list<bool> const known = weight_only(g);
  for (node_id id = 0; id < g.size(); ++id) {
    if (!is_control(g[id])) continue;
    control_layout const at = layout_of(g, g[id]);
    change_regions(g, id, [&](graph region, int) {
      for (int i = at.captures; i < g[id].inputs.count; ++i) {
        if (!known[static_cast<std::size_t>(g.input(id, i))]) continue;
        int const in = i - at.captures + at.region_captures;
        region[region.inputs[static_cast<std::size_t>(in)]].op = &weight_op;
      }
      mark_captured_weights(region);
      return region;
    });
  }
}

}  // namespace etch::ir
