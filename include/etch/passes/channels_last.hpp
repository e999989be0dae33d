#pragma once

#include <etch/ir/emit.hpp>
#include <etch/ir/rewriter.hpp>
#include <etch/ops/elementwise_ops.hpp>
#include <etch/ops/structured_ops.hpp>
#include <etch/passes/weight_tracker.hpp>

namespace etch::passes {

/// Computes convolutions and pooling with channels last, where vectors run over channels: NCHW
/// becomes NHWC between two transposes, and the transpose behind sinks through elementwise
/// operators, spatial reductions and channel concats until it meets the next one and both go.
/// needs  canonical order; `canonicalize` afterwards cancels the pairs      keeps  types, names
/// numerics  exact
struct channels_last {
  static constexpr std::string_view name = "channels_last";

  constexpr ir::graph operator()(ir::graph const& before) const {
    ir::rewriter to(before);
    weight_tracker is_weight(to.after);
    for (ir::node_id id = 0; id < before.size(); ++id) {
      ir::node_id const added = to.copy(id);
      to.put(id, rewritten(to.after, added, is_weight));
    }
    return to.finish();
  }

 private:
  static constexpr core::ints<6> to_last{0, 2, 3, 1};
  static constexpr core::ints<6> to_first{0, 3, 1, 2};

  template <class Op>
  static constexpr bool is(ir::graph const& g, ir::node_id id) {
    return g[id].op == &ir::info_of<Op>;
  }

  static constexpr ir::node_id transposed(ir::graph& g, ir::node_id x, core::ints<6> const& perm) {
    return ir::emit<ops::transpose>(g, {x}, {.perm = perm});
  }

  /// True for a value that is a transpose from NHWC to NCHW.
  static constexpr bool is_back(ir::graph const& g, ir::node_id id) {
    return is<ops::transpose>(g, id) && g.attrs_of<ops::transpose::attrs>(id).perm == to_first;
  }

  template <class Op>
  static constexpr ir::node_id windowed(ir::graph& g, ir::node_id id) {
    auto attributes = g.attrs_of<typename Op::attrs>(id);
    if (attributes.channels_last) return id;
    attributes.channels_last = true;
    core::list<ir::node_id> operands;
    for (int i = 0; i < g[id].inputs.count; ++i) operands.push_back(g.input(id, i));
    operands[0] = transposed(g, operands[0], to_last);
    ir::node_id const y =
        ir::emit<Op>(g, std::span<ir::node_id const>(operands.data(), operands.size()), attributes);
    return transposed(g, y, to_first);
  }

  /// elementwise(transpose(x), w) -> transpose(elementwise(x, transpose(w))), if at least one
  /// operand is such a transpose and the others are too, or weights, or numbers.
  static constexpr ir::node_id sunk(ir::graph& g, ir::node_id id, weight_tracker& is_weight) {
    ir::node const n = g[id];
    bool any = false;
    for (int i = 0; i < n.inputs.count; ++i) {
      ir::node_id const in = g.input(id, i);
      bool const number = g[in].type.elements() == 1;
      if (is_back(g, in))
        any = true;
      else if (!number && !(is_weight(in) && g[in].type.rank() >= 3))
        return id;
    }
    if (!any) return id;
    core::list<ir::node_id> operands;
    for (int i = 0; i < n.inputs.count; ++i) operands.push_back(last_form(g, g.input(id, i)));
    core::list<ir::tensor_type> types;
    for (ir::node_id in : operands) types.push_back(g[in].type);
    core::list<std::int64_t> words;
    for (std::int64_t word : g.word_span(n)) words.push_back(word);
    auto const type = n.op->infer({types.data(), types.size()}, words.data());
    ir::node_id const y =
        g.add(*n.op, type.type, {operands.data(), operands.size()}, {words.data(), words.size()});
    return transposed(g, y, to_first);
  }

  static constexpr ir::node_id last_form(ir::graph& g, ir::node_id in) {
    if (is_back(g, in)) return g.input(in, 0);
    if (g[in].type.elements() == 1) return in;
    if (g[in].type.rank() == 3) {  // [C, H, W] broadcasts as [1, C, H, W]
      ops::reshape::attrs widened{.shape = {1}};
      for (int i = 0; i < 3; ++i) widened.shape.push_back(g[in].type.shape[i]);
      in = ir::emit<ops::reshape>(g, {in}, widened);
    }
    return transposed(g, in, to_last);
  }

  static constexpr ir::node_id sunk_concat(ir::graph& g, ir::node_id id) {
    if (g.attrs_of<ops::concat::attrs>(id).axis != 1) return id;
    core::list<ir::node_id> operands;
    for (int i = 0; i < g[id].inputs.count; ++i) {
      if (!is_back(g, g.input(id, i))) return id;
      operands.push_back(g.input(g.input(id, i), 0));
    }
    ir::node_id const y = ir::emit<ops::concat>(
        g, std::span<ir::node_id const>(operands.data(), operands.size()), {.axis = 3});
    return transposed(g, y, to_first);
  }

  template <class Op>
  static constexpr ir::node_id sunk_reduction(ir::graph& g, ir::node_id id) {
    if (!is<Op>(g, id) || !is_back(g, g.input(id, 0))) return id;
    auto attributes = g.attrs_of<typename Op::attrs>(id);
    if (!(attributes.axes == core::ints<6>{2, 3})) return id;
    attributes.axes = core::ints<6>{1, 2};
    ir::node_id const y = ir::emit<Op>(g, {g.input(g.input(id, 0), 0)}, attributes);
    return attributes.keepdims ? transposed(g, y, to_first) : y;
  }

  // Behind the templates that it calls: clang 14 has no body for a later one yet when a constant
  // expression needs it.
  static constexpr ir::node_id rewritten(ir::graph& g, ir::node_id id, weight_tracker& is_weight) {
    ir::node const n = g[id];
    if (ir::is_leaf(n) || n.region >= 0 || is_weight(id)) return id;
    if (is<ops::conv2d>(g, id)) return windowed<ops::conv2d>(g, id);
    if (is<ops::max_pool2d>(g, id)) return windowed<ops::max_pool2d>(g, id);
    if (is<ops::avg_pool2d>(g, id)) return windowed<ops::avg_pool2d>(g, id);
    if (n.op->is.elementwise && n.type.rank() == 4) return sunk(g, id, is_weight);
    if (is<ops::concat>(g, id)) return sunk_concat(g, id);
    ir::node_id reduced = sunk_reduction<ops::reduce_mean>(g, id);
    if (reduced == id) reduced = sunk_reduction<ops::reduce_sum>(g, id);
    if (reduced == id) reduced = sunk_reduction<ops::reduce_max>(g, id);
    if (reduced == id) reduced = sunk_reduction<ops::reduce_min>(g, id);
    return reduced;
  }
};

}  // namespace etch::passes
