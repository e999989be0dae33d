#pragma once

#include <etch/ir/emit.hpp>
#include <etch/ir/rewriter.hpp>
#include <etch/ops/elementwise_ops.hpp>
#include <etch/ops/structured_ops.hpp>
#include <etch/passes/weight_tracker.hpp>

namespace etch::passes {

/// Brings each computation into one form and drops what changes nothing: weights and literals stand
/// right of commutative operators; x - w is x + (-w); a matmul by a weight is a linear, a linear of
/// one column a product with a row; chains of reshapes and of transposes are one; a transpose that
/// moves only extents of 1 is a reshape; x * 1, x / 1, x + (-0), --x, pow(x, 1), pow(x, 2), casts,
/// slices and concats of nothing go.
/// needs  no regions      keeps  types, names      numerics  exact
struct canonicalize {
  static constexpr std::string_view name = "canonicalize";

  constexpr ir::graph operator()(ir::graph const& before) const {
    work to(before);
    for (ir::node_id id = 0; id < before.size(); ++id) {
      to.copy(id);
      to.put(id, settled(to, to[id]));
    }
    return to.finish();
  }

 private:
  struct work : ir::rewriter {
    weight_tracker is_weight;
    constexpr explicit work(ir::graph const& before) : rewriter(before), is_weight(after) {}
  };

  /// The node that should stand for `id` when nothing is left to simplify.
  static constexpr ir::node_id settled(work& to, ir::node_id id) {
    for (ir::node_id was = -1; was != id;) {
      was = id;
      id = simplified(to, was);
    }
    return id;
  }

  template <class Op>
  static constexpr bool is(ir::graph const& g, ir::node_id id) {
    return g[id].op == &ir::info_of<Op>;
  }

  static constexpr bool is_splat(ir::graph const& g, ir::node_id id, double value) {
    return ir::is_splat(g, id) && ir::constant_value(g, id) == value;
  }

  /// One step towards it: `id` itself, an earlier node, or a new one.
  static constexpr ir::node_id simplified(work& to, ir::node_id id) {
    ir::graph& g = to.after;
    weight_tracker& is_weight = to.is_weight;
    ir::node const n = g[id];
    if (ir::is_leaf(n) || n.region >= 0) return id;
    ir::node_id const a = g.input(id, 0);
    ir::node_id const b = n.inputs.count > 1 ? g.input(id, 1) : a;
    bool const keeps_type = g[a].type == n.type;
    if (n.op->is.commutative && rank_of(to, a) > rank_of(to, b)) {
      auto const first = static_cast<std::size_t>(n.inputs.first);
      std::swap(g.edges[first], g.edges[first + 1]);
      to.note_change();
      return simplified(to, id);
    }
    if (is<ops::sub>(g, id) && is_weight(b) && !is_weight(a))
      return ir::emit<ops::add>(g, {a, settled(to, ir::emit<ops::neg>(g, {b}))});
    if (is<ops::mul>(g, id) || is<ops::div>(g, id))
      return keeps_type && is_splat(g, b, 1.0) ? a : id;
    if (is<ops::add>(g, id)) {
      bool const minus_zero =
          is_splat(g, b, 0.0) && std::bit_cast<std::int64_t>(ir::constant_value(g, b)) < 0;
      return keeps_type && minus_zero ? a : id;
    }
    if (is<ops::neg>(g, id)) return is<ops::neg>(g, a) ? g.input(a, 0) : id;
    if (is<ops::pow>(g, id)) {
      if (keeps_type && is_splat(g, b, 1.0)) return a;
      if (keeps_type && is_splat(g, b, 2.0)) return ir::emit<ops::mul>(g, {a, a});
      return id;
    }
    if (is<ops::matmul>(g, id)) {
      bool const by_weight = is_weight(b) && !is_weight(a) && g[b].type.rank() == 2;
      return by_weight ? ir::emit<ops::linear>(g, {a, b}, {.in_out = true}) : id;
    }
    if (is<ops::linear>(g, id)) return with_known_weight(to, id);
    if (is<ops::cast>(g, id) || is<ops::slice>(g, id)) return keeps_type ? a : id;
    if (is<ops::concat>(g, id)) return n.inputs.count == 1 ? a : id;
    if (is<ops::reshape>(g, id)) return simplified_reshape(g, id, a);
    if (is<ops::transpose>(g, id)) return simplified_transpose(g, id, a);
    return id;
  }

  /// A linear by a run-time matrix is a matmul.
  static constexpr ir::node_id with_known_weight(work& to, ir::node_id id) {
    ir::graph& g = to.after;
    weight_tracker& is_weight = to.is_weight;
    ir::node_id const x = g.input(id, 0), w = g.input(id, 1);
    bool const has_bias = g[id].inputs.count > 2;
    bool const known = is_weight(w) && (!has_bias || is_weight(g.input(id, 2)));
    if (known && !has_bias && g[w].type.elements() == g[id].type.shape[g[id].type.rank() - 1])
      return product_with_row(to, id);
    if (known || g[x].type.rank() < 2) return id;
    ir::node_id const bias = has_bias ? g.input(id, 2) : -1;
    bool const in_out = g.attrs_of<ops::linear::attrs>(id).in_out;
    ir::node_id const b =
        in_out ? w : settled(to, ir::emit<ops::transpose>(g, {w}, {.perm = core::ints<6>{1, 0}}));
    ir::node_id const product = is_weight(b) && !is_weight(x)
                                    ? ir::emit<ops::linear>(g, {x, b}, {.in_out = true})
                                    : ir::emit<ops::matmul>(g, {x, b});
    return has_bias ? ir::emit<ops::add>(g, {product, bias}) : product;
  }

  /// A linear without a bias whose operand has one column: a product that can be fused.
  static constexpr ir::node_id product_with_row(work& to, ir::node_id id) {
    ir::graph& g = to.after;
    ir::node_id const x = g.input(id, 0), w = g.input(id, 1);
    ir::node_id const row =
        settled(to, ir::emit<ops::reshape>(g, {w}, {.shape = core::ints<6>{g[w].type.elements()}}));
    return ir::emit<ops::mul>(g, {x, row});
  }

  /// What goes furthest right: literals, then weights.
  static constexpr int rank_of(work& to, ir::node_id id) {
    return ir::is(to.after[id], ir::constant_op) ? 2 : to.is_weight(id) ? 1 : 0;
  }

  static constexpr ir::node_id simplified_reshape(ir::graph& g, ir::node_id id, ir::node_id a) {
    if (g[a].type == g[id].type) return a;
    if (!is<ops::reshape>(g, a)) return id;
    return ir::emit<ops::reshape>(g, {g.input(a, 0)}, g.attrs_of<ops::reshape::attrs>(id));
  }

  static constexpr ir::node_id simplified_transpose(ir::graph& g, ir::node_id id, ir::node_id a) {
    auto const outer = g.attrs_of<ops::transpose::attrs>(id).perm;
    if (is<ops::transpose>(g, a)) {
      auto joined = g.attrs_of<ops::transpose::attrs>(a).perm;
      auto const inner = joined;
      for (std::size_t i = 0; i < outer.size(); ++i)
        joined[i] = inner[static_cast<std::size_t>(outer[i])];
      return ir::emit<ops::transpose>(g, {g.input(a, 0)}, {.perm = joined});
    }
    std::int64_t last = -1;
    bool in_order = true;
    for (std::int64_t axis : outer) {
      if (g[a].type.shape[static_cast<int>(axis)] == 1) continue;
      in_order = in_order && axis > last;
      last = axis;
    }
    if (!in_order) return id;
    ops::reshape::attrs same;
    for (int i = 0; i < g[id].type.rank(); ++i) same.shape.push_back(g[id].type.shape[i]);
    return ir::emit<ops::reshape>(g, {a}, same);
  }
};

}  // namespace etch::passes
