#pragma once

#include <cstdint>

#include <etch/ir/emit.hpp>
#include <etch/ir/rewriter.hpp>
#include <etch/ops/cast.hpp>
#include <etch/ops/structured_ops.hpp>
#include <etch/passes/row_view.hpp>

namespace etch::passes {

/// A graph for many instances; or the name of the operator that has no such form.
struct lane_graph {
  ir::graph graph;
  ir::op_key refused{""};
};

/// Turns an optimised graph into one for instances that lie side by side: every value that a call
/// computes has one more axis, the last, with an element for each instance. Whatever works on
/// elements, rows or whole values then does it for all of them with the same loads, and in the
/// same order of arithmetic for each.
/// needs     all passes are done: weights are read by linear, by convolutions of signals and by
///           elementwise programs, and are no results
/// keeps     names, weights and, by number, states; what a state begins with stays that of one
///           instance
/// numerics  exact
class across_lanes {
 public:
  constexpr across_lanes(ir::graph const& one, std::int64_t lanes)
      : one_(one), lanes_(lanes), is_weight_(ir::weight_only(one)), to_(one) {}

  constexpr lane_graph operator()() {
    for (ir::node_id id = 0; id < one_.size(); ++id) {
      bool const added = is_weight(id) ? copied(id) : widened(id);
      if (!added) return {{}, one_[id].op->key};
    }
    for (ir::node_id out : one_.outputs) {
      if (is_weight(out)) return {{}, one_[out].op->key};
    }
    for (ir::state_slot const& state : one_.states) {
      if (is_weight(state.next)) return {{}, one_[state.next].op->key};
    }
    return {to_.finish()};
  }

 private:
  template <class Op>
  static constexpr bool is(ir::node const& n) {
    return n.op == &ir::info_of<Op>;
  }

  constexpr bool is_weight(ir::node_id id) const {
    return is_weight_[static_cast<std::size_t>(id)];
  }

  constexpr bool copied(ir::node_id id) {
    to_.copy(id);
    return true;
  }

  constexpr ir::tensor_type wide(ir::tensor_type type) const {
    type.shape.push_back(lanes_);
    return type;
  }

  template <class Attrs>
  constexpr void set_words(ir::node& made, Attrs const& a) {
    core::list<std::int64_t> words;
    core::to_words(words, a);
    made.words = to_.after.add_words({words.data(), words.size()});
  }

  constexpr bool widened(ir::node_id id) {
    ir::node const& n = one_[id];
    bool const is_bounded = !one_.in_call.elements.empty();
    if (ir::is_control(n) || is_bounded || n.type.rank() == ir::max_rank) return false;
    if (!operands_fit(id)) return false;
    core::list<ir::node_id> const operands = wide_operands(id);
    ir::node& made = to_.after[to_.copy(id)];
    for (std::size_t i = 0; i < operands.size(); ++i)
      to_.after.edges[static_cast<std::size_t>(made.inputs.first) + i] = operands[i];
    made.type = wide(n.type);
    if (n.region >= 0) made.region = to_.after.add_region(wide_region(id, operands));
    if (ir::is_call_leaf(n) || ir::is(n, ir::fused_op) || is<ops::concat>(n) || is<ops::cast>(n))
      return true;
    if (is<ops::linear>(n)) {
      made.op = &ir::info_of<ops::lane_linear>;
    } else if (is<ops::conv2d>(n) && is_of_signals(id)) {
      made.op = &ir::info_of<ops::lane_conv2d>;
    } else if (is<ops::slice>(n)) {
      auto a = one_.attrs_of<ops::slice::attrs>(id);
      a.starts.push_back(0);
      a.sizes.push_back(lanes_);
      a.steps.push_back(1);
      set_words(made, a);
    } else if (is<ops::transpose>(n)) {
      auto a = one_.attrs_of<ops::transpose::attrs>(id);
      a.perm.push_back(n.type.rank());
      set_words(made, a);
    } else if (is<ops::reshape>(n)) {
      auto a = one_.attrs_of<ops::reshape::attrs>(id);
      a.shape.push_back(lanes_);
      set_words(made, a);
    } else if (is<ops::pad>(n)) {
      auto a = one_.attrs_of<ops::pad::attrs>(id);
      a.before.push_back(0);
      a.after.push_back(0);
      set_words(made, a);
    } else {
      return false;
    }
    return true;
  }

  constexpr bool is_of_signals(ir::node_id id) const {
    return ops::lane_conv2d::takes(one_[one_.input(id, 1)].type.shape,
                                   one_.attrs_of<ops::conv2d::attrs>(id));
  }

  /// Whether operand i is the weight or the bias of a product.
  constexpr bool is_of_product(ir::node_id id, int i) const {
    ir::node const& n = one_[id];
    bool const has_weights = is<ops::linear>(n) || is<ops::conv2d>(n);
    return has_weights && (i == 1 || i == 2) && i < ir::own_operands(one_, n);
  }
  constexpr bool is_elementwise(ir::node_id id, int i) const {
    return ir::is(one_[id], ir::fused_op) || i >= ir::own_operands(one_, one_[id]);
  }

  /// Weights are read by products and by elementwise programs, and an epilogue still finds what
  /// belongs to a row of its product.
  constexpr bool operands_fit(ir::node_id id) const {
    ir::node const& n = one_[id];
    row_view const view{n.type.elements(), lanes_};
    for (int i = 0; i < n.inputs.count; ++i) {
      ir::node_id const in = one_.input(id, i);
      bool const weight = is_weight(in);
      if (is_of_product(id, i) != (weight && !is_elementwise(id, i))) return false;
      if (one_[in].type.rank() == ir::max_rank) return false;
      bool const of_epilogue = i >= ir::own_operands(one_, n);
      if (of_epilogue && !strides_in(view, wide(n.type).shape, wide(one_[in].type).shape).ok)
        return false;
    }
    return true;
  }

  constexpr core::list<ir::node_id> wide_operands(ir::node_id id) {
    core::list<ir::node_id> operands;
    for (int i = 0; i < one_[id].inputs.count; ++i) {
      ir::node_id const in = one_.input(id, i);
      bool const seen_by_lanes = is_weight(in) && is_elementwise(id, i);
      operands.push_back(seen_by_lanes ? ir::emit<ops::lane_weight>(to_.after, {to_[in]})
                                       : to_[in]);
    }
    return operands;
  }

  constexpr ir::graph wide_region(ir::node_id id, core::list<ir::node_id> const& operands) const {
    ir::graph region = one_.region_of(one_[id]);
    for (ir::node& inner : region.nodes) {
      if (!ir::is(inner, ir::constant_op)) inner.type = wide(inner.type);
    }
    std::size_t const before = operands.size() - region.inputs.size();  // and a product's own value
    for (std::size_t i = 0; i < region.inputs.size(); ++i) {
      bool const own_value = !ir::is(one_[id], ir::fused_op) && i == 0;
      if (!own_value) region[region.inputs[i]].type = to_.after[operands[before + i]].type;
    }
    return region;
  }

  ir::graph const& one_;
  std::int64_t lanes_;
  core::list<bool> is_weight_;
  ir::rewriter to_;
};

}  // namespace etch::passes
