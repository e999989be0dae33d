#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

#include <etch/ir/graph.hpp>
#include <etch/ir/info_of.hpp>

namespace etch::ir {

// The operators that are not computed: what a graph reads, and fused steps. Those that run regions
// are in ir/control.hpp.

namespace builtin {

/// The type of these nodes is given, not inferred.
struct given {
  static constexpr traits is{};
  static constexpr int arity_min = 0;
  static constexpr inferred infer(operand_types) { return tensor_type{}; }
};

struct input : given {
  static constexpr op_key key{"input"};
};
/// What the call before left in a state of the session.
struct state : given {
  static constexpr op_key key{"state"};
};
struct parameter : given {
  static constexpr op_key key{"parameter"};
};
/// An input of a region of control that depends on weights alone, so it is known at load.
struct weight : given {
  static constexpr op_key key{"weight"};
};
/// A literal: one word (the bits of a double) for all elements, or one for each element.
struct constant : given {
  static constexpr op_key key{"constant"};
};
/// An elementwise program: its region maps one element of each operand to one of the result.
struct fused : given {
  static constexpr op_key key{"fused"};
  static constexpr int arity_min = 1;
  static constexpr int arity_max = 1000;
};

template <class Op>
inline constexpr op_info not_computed{
    .key = Op::key,
    .is = Op::is,
    .fields = {},
    .arity_min = detail::arity_min<Op>(),
    .arity_max = detail::arity_max<Op>(),
    .infer = &detail::infer<Op>,
    .flops = &detail::flops<Op>,
    .reference = nullptr,
};

}  // namespace builtin

inline constexpr op_info const& input_op = builtin::not_computed<builtin::input>;
inline constexpr op_info const& state_op = builtin::not_computed<builtin::state>;
inline constexpr op_info const& parameter_op = builtin::not_computed<builtin::parameter>;
inline constexpr op_info const& weight_op = builtin::not_computed<builtin::weight>;
inline constexpr op_info const& constant_op = builtin::not_computed<builtin::constant>;
inline constexpr op_info const& fused_op = builtin::not_computed<builtin::fused>;

constexpr bool is(node const& n, op_info const& op) { return n.op == &op; }

/// Not known before the call: inputs and states.
constexpr bool is_call_leaf(node const& n) { return n.op == &input_op || n.op == &state_op; }

/// Not known at load, whatever its operands are.
constexpr bool is_call_time(node const& n) { return is_call_leaf(n) || n.op->is.control; }

/// What a graph is given by its inputs.
constexpr bool is_graph_input(node const& n) { return n.op == &input_op || n.op == &weight_op; }

/// Computed from nothing: what a call brings, parameters, literals.
constexpr bool is_leaf(node const& n) {
  return is_call_leaf(n) || n.op == &parameter_op || n.op == &constant_op || n.op == &weight_op;
}

/// How many of a node's operands are its operator's own; the rest belong to its epilogue.
constexpr int own_operands(graph const& g, node const& n) {
  if (n.region < 0 || is(n, fused_op) || n.op->is.control) return n.inputs.count;
  return n.inputs.count - static_cast<int>(g.region_of(n).inputs.size()) + 1;
}

constexpr node_id add_input(graph& g, tensor_type const& type, std::string_view name = {}) {
  node_id const id = g.add(input_op, type, {}, {}, name);
  g.inputs.push_back(id);
  return id;
}

/// A state whose `next` is still to be set; returns its number.
constexpr int add_state(graph& g, tensor_type const& type, std::string_view name,
                        node_id initial = -1) {
  node_id const read = g.add(state_op, type, {}, {}, name);
  g.states.push_back({read, -1, initial});
  return static_cast<int>(g.states.size()) - 1;
}

constexpr node_id add_parameter(graph& g, tensor_type const& type, std::string_view name) {
  return g.add(parameter_op, type, {}, {}, name);
}

/// A literal of `type`, the same in all elements.
constexpr node_id add_constant(graph& g, tensor_type const& type, double value) {
  std::array const words{std::bit_cast<std::int64_t>(value)};
  return g.add(constant_op, type, {}, words);
}

/// The value of element i of a literal.
constexpr double constant_value(graph const& g, node_id id, std::int64_t i = 0) {
  node const& n = g[id];
  return std::bit_cast<double>(g.words_of(n)[n.words.count == 1 ? 0 : i]);
}

/// True where the node is a literal with the same value in all elements.
constexpr bool is_splat(graph const& g, node_id id) {
  return is(g[id], constant_op) && g[id].words.count == 1;
}

}  // namespace etch::ir
