#pragma once

#include <etch/ir/emit.hpp>
#include <etch/ir/rewriter.hpp>
#include <etch/ops/elementwise_ops.hpp>
#include <etch/ops/structured_ops.hpp>

namespace etch::passes {

/// Writes batch norm as what it is at inference time, x * s + t with s = gamma / sqrt(variance +
/// epsilon) and t = beta - mean * s. Both depend on weights alone, so they are computed at load,
/// and `fold_affine` can move them into a convolution.
/// needs  no regions      keeps  types, names      numerics  rounding: s and t are rounded
struct expand_batch_norm {
  static constexpr std::string_view name = "expand_batch_norm";

  constexpr ir::graph operator()(ir::graph const& before) const {
    ir::rewriter to(before);
    for (ir::node_id id = 0; id < before.size(); ++id) {
      if (before[id].op == &ir::info_of<ops::batch_norm>)
        to.put(id, expanded(to, before, id));
      else
        to.copy(id);
    }
    return to.finish();
  }

 private:
  static constexpr ir::node_id expanded(ir::rewriter& to, ir::graph const& before, ir::node_id id) {
    auto const attributes = before.attrs_of<ops::batch_norm::attrs>(id);
    ir::graph& g = to.after;
    ir::node_id const x = to[before.input(id, 0)], gamma = to[before.input(id, 1)],
                      beta = to[before.input(id, 2)], mean = to[before.input(id, 3)],
                      variance = to[before.input(id, 4)];
    ir::tensor_type const number{g[x].type.dtype, {}};
    ir::node_id const epsilon =
        ir::add_constant(g, number, static_cast<double>(attributes.epsilon));
    ir::node_id const deviation =
        ir::emit<ops::sqrt>(g, {ir::emit<ops::add>(g, {variance, epsilon})});
    ir::node_id const scale = ir::emit<ops::div>(g, {gamma, deviation});
    ir::node_id const shift = ir::emit<ops::sub>(g, {beta, ir::emit<ops::mul>(g, {mean, scale})});
    ops::reshape::attrs along;  // [C, 1, 1] for an axis with two axes behind it
    int const rank = g[x].type.rank();
    int const axis = ir::normalised_axis(attributes.axis, rank);
    along.shape.push_back(g[x].type.shape[axis]);
    for (int i = axis + 1; i < rank; ++i) along.shape.push_back(1);
    ir::node_id const scaled =
        ir::emit<ops::mul>(g, {x, ir::emit<ops::reshape>(g, {scale}, along)});
    return ir::emit<ops::add>(g, {scaled, ir::emit<ops::reshape>(g, {shift}, along)});
  }
};

}  // namespace etch::passes
