#pragma once

#include <etch/ir/emit.hpp>
#include <etch/ir/rewriter.hpp>
#include <etch/ops/structured_ops.hpp>
#include <etch/passes/row_view.hpp>
#include <etch/passes/weight_tracker.hpp>

namespace etch::passes {

/// Brings softmax along an axis that is not the last, and reductions over axes that are no
/// neighbours, into the form that kernels have: the axes in question move to the end, by a
/// transpose.
/// needs  no regions; `canonicalize` afterwards cancels pairs      keeps  types, names
/// numerics  exact
struct last_axis {
  static constexpr std::string_view name = "last_axis";

  constexpr ir::graph operator()(ir::graph const& before) const {
    ir::rewriter to(before);
    weight_tracker is_weight(to.after);
    for (ir::node_id id = 0; id < before.size(); ++id) {
      ir::node_id const added = to.copy(id);
      if (!is_weight(added)) to.put(id, rewritten(to.after, added));
    }
    return to.finish();
  }

 private:
  using axis_list = core::ints<6>;

  /// The axes that `moved` does not hold, then those that it does.
  static constexpr axis_list behind_the_others(int rank, axis_list const& moved) {
    axis_list perm;
    for (int i = 0; i < rank; ++i) {
      if (!moved.contains(i)) perm.push_back(i);
    }
    for (std::int64_t axis : moved) perm.push_back(axis);
    return perm;
  }

  static constexpr axis_list inverse(axis_list const& perm) {
    axis_list back = perm;
    for (std::size_t i = 0; i < perm.size(); ++i)
      back[static_cast<std::size_t>(perm[i])] = static_cast<std::int64_t>(i);
    return back;
  }

  template <class Op>
  static constexpr ir::node_id softmax_form(ir::graph& g, ir::node_id id) {
    auto attributes = g.attrs_of<typename Op::attrs>(id);
    int const rank = g[id].type.rank();
    if (attributes.axis == rank - 1) return id;
    axis_list const perm = behind_the_others(rank, {attributes.axis});
    attributes.axis = rank - 1;
    ir::node_id const x = ir::emit<ops::transpose>(g, {g.input(id, 0)}, {.perm = perm});
    ir::node_id const y = ir::emit<Op>(g, {x}, attributes);
    return ir::emit<ops::transpose>(g, {y}, {.perm = inverse(perm)});
  }

  template <class Op>
  static constexpr ir::node_id reduction_form(ir::graph& g, ir::node_id id) {
    auto attributes = g.attrs_of<typename Op::attrs>(id);
    ir::tensor_type const x = g[g.input(id, 0)].type, y = g[id].type;
    if (view_of_reduction(x.shape, attributes.axes).ok) return id;
    axis_list const perm = behind_the_others(x.rank(), attributes.axes);
    ir::node_id const moved = ir::emit<ops::transpose>(g, {g.input(id, 0)}, {.perm = perm});
    auto const kept = x.rank() - static_cast<int>(attributes.axes.size());
    typename Op::attrs last = attributes;
    for (std::size_t i = 0; i < last.axes.size(); ++i)
      last.axes[i] = kept + static_cast<std::int64_t>(i);
    ir::node_id const reduced = ir::emit<Op>(g, {moved}, last);
    if (g[reduced].type == y) return reduced;
    ops::reshape::attrs with_ones;
    for (int i = 0; i < y.rank(); ++i) with_ones.shape.push_back(y.shape[i]);
    return ir::emit<ops::reshape>(g, {reduced}, with_ones);
  }

  // Behind the templates that it calls: clang 14 has no body for a later one yet when a constant
  // expression needs it.
  static constexpr ir::node_id rewritten(ir::graph& g, ir::node_id id) {
    ir::node const n = g[id];
    if (n.type.dtype != dtype::f32 && n.type.dtype != dtype::f64) return id;
    if (n.op == &ir::info_of<ops::softmax>) return softmax_form<ops::softmax>(g, id);
    if (n.op == &ir::info_of<ops::log_softmax>) return softmax_form<ops::log_softmax>(g, id);
    if (n.op == &ir::info_of<ops::reduce_sum>) return reduction_form<ops::reduce_sum>(g, id);
    if (n.op == &ir::info_of<ops::reduce_mean>) return reduction_form<ops::reduce_mean>(g, id);
    if (n.op == &ir::info_of<ops::reduce_max>) return reduction_form<ops::reduce_max>(g, id);
    if (n.op == &ir::info_of<ops::reduce_min>) return reduction_form<ops::reduce_min>(g, id);
    if (n.op == &ir::info_of<ops::reduce_prod>) return reduction_form<ops::reduce_prod>(g, id);
    return id;
  }
};

}  // namespace etch::passes
