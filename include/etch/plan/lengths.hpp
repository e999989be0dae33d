#pragma once

#include <cstdint>
#include <numeric>

#include <etch/core/list.hpp>
#include <etch/ir/builtin.hpp>
#include <etch/ir/control.hpp>
#include <etch/ir/extent.hpp>
#include <etch/ir/graph.hpp>
#include <etch/ops/cast.hpp>
#include <etch/ops/structured_ops.hpp>
#include <etch/passes/row_view.hpp>
#include <etch/plan/row_limit.hpp>

namespace etch::plan {

/// What the calls of a model with bounded extents use of each value of its graph.
struct value_lengths {
  core::list<extent> elements;  ///< of each node, in order; empty where no input is bounded
  core::list<row_limit> limits;
  ir::node_id refused = -1;  ///< a node that has no rule for its operands
};

/// In every call: but for whole numbers it is a multiple of an extent of an input that is one.
constexpr bool is_whole(ir::graph const& g, extent const& of) {
  if (of.divisor == 1) return true;
  for (extent const& part : g.in_call.parts) {
    for (std::int64_t times = 1; times < of.divisor; ++times) {
      if ((of - part * extent(times)).divisor == 1) return true;
    }
  }
  return false;
}

namespace detail {

/// Follows the elements in use from node to node. Every value is a piece of dense rows whose number
/// a call decides: an operator without a rule that meets one is refused.
class length_finder {
 public:
  constexpr explicit length_finder(ir::graph const& g) : g_(g) {}

  constexpr value_lengths find() {
    if (g_.in_call.elements.empty()) return {};
    for (ir::node_id id = 0; id < g_.size(); ++id) {
      bool ok = true;
      found_.elements.push_back(elements_of(id, ok));
      if (!ok) {
        found_.refused = id;
        return found_;
      }
    }
    for (ir::state_slot const& each : g_.states) {
      if (!elements(each.next).is_fixed()) found_.refused = each.next;
    }
    return found_;
  }

 private:
  static constexpr std::size_t index(int i) { return static_cast<std::size_t>(i); }

  constexpr extent const& elements(ir::node_id id) const { return found_.elements[index(id)]; }
  constexpr extent const& elements(ir::node const& n, int i) const {
    return elements(g_.inputs_of(n)[index(i)]);
  }
  constexpr ir::tensor_type const& type(ir::node const& n, int i) const {
    return g_[g_.inputs_of(n)[index(i)]].type;
  }
  constexpr bool is_fixed(ir::node const& n, int i) const { return elements(n, i).is_fixed(); }
  /// Whether all operands from `first` on are.
  constexpr bool are_fixed(ir::node const& n, int first, int last) const {
    for (int i = first; i < last; ++i) {
      if (!is_fixed(n, i)) return false;
    }
    return true;
  }

  /// Rows of so many elements; `ok` becomes false where rows are cut.
  constexpr extent rows(extent const& all, std::int64_t row, bool& ok) const {
    extent const of = all / row;
    ok = ok && is_whole(g_, of);
    return of;
  }
  /// The same with `after` elements for each `before`.
  static constexpr extent scaled(extent const& all, std::int64_t before, std::int64_t after) {
    return all * extent(after) / before;
  }

  constexpr extent elements_of(ir::node_id id, bool& ok) {
    ir::node const& n = g_[id];
    if (ir::is(n, ir::input_op)) {
      for (std::size_t i = 0; i < g_.inputs.size(); ++i) {
        if (g_.inputs[i] == id) return g_.in_call.elements[i];
      }
    }
    if (ir::is_control(n)) return of_control(n, ok);
    if (ir::is(n, ir::result_op)) return of_result(id, ok);
    if (are_fixed(n, 0, n.inputs.count)) return extent(n.type.elements());
    if (ir::is(n, ir::fused_op)) return of_elementwise(n, 0, extent(), ok);
    int const own = ir::own_operands(g_, n);
    extent const result =
        are_fixed(n, 0, own) ? extent(n.type.elements()) : of_operator(n, own, ok);
    return own < n.inputs.count ? of_elementwise(n, own, result, ok) : result;
  }

  /// Operands from `first` on that broadcast to the result, which has `known` elements where that
  /// is not 0.
  constexpr extent of_elementwise(ir::node const& n, int first, extent known, bool& ok) const {
    ir::shape const& y = n.type.shape;
    for (int i = first; i < n.inputs.count; ++i) {
      if (is_fixed(n, i)) continue;
      ir::shape const& x = type(n, i).shape;
      rows(elements(n, i), x.product(first_repeated(x, y) - (y.rank - x.rank), x.rank), ok);
      extent const all = scaled(elements(n, i), x.elements(), y.elements());
      ok = ok && (known == extent() || known == all);
      known = all;
    }
    for (int i = first; i < n.inputs.count; ++i) {
      if (!is_fixed(n, i)) continue;
      ir::shape const& x = type(n, i).shape;
      int axis = 0;
      while (axis < y.rank && extent_of(x, y, axis) == 1) ++axis;
      rows(known, y.product(axis, y.rank), ok);
    }
    return known;
  }

  static constexpr std::int64_t extent_of(ir::shape const& x, ir::shape const& y, int axis) {
    int const own = axis - (y.rank - x.rank);
    return own < 0 ? 1 : x[own];
  }
  /// The first axis of y along which x is repeated.
  static constexpr int first_repeated(ir::shape const& x, ir::shape const& y) {
    int axis = 0;
    while (axis < y.rank && extent_of(x, y, axis) == y[axis]) ++axis;
    return axis < y.rank - x.rank ? y.rank - x.rank : axis;
  }

  constexpr extent of_operator(ir::node const& n, int own, bool& ok) {
    using passes::detail::is_any;
    ir::shape const &x = type(n, 0).shape, &y = n.type.shape;
    auto const last = [](ir::shape const& s) { return s.rank > 0 ? s[s.rank - 1] : 1; };
    if (n.op->is.elementwise) return of_elementwise(n, 0, extent(), ok);
    if (is_any<ops::cast, ops::reshape>(n)) return elements(n, 0);
    if (is_any<ops::linear, ops::matmul>(n)) {
      ok = ok && are_fixed(n, 1, own) && (is_any<ops::linear>(n) || type(n, 1).rank() == 2);
      return rows(elements(n, 0), last(x), ok) * extent(last(y));
    }
    if (is_any<ops::softmax, ops::log_softmax>(n)) {
      int const axis = core::from_words<ops::softmax::attrs>(g_.words_of(n)).axis;
      rows(elements(n, 0), x.product(axis, x.rank), ok);
      return elements(n, 0);
    }
    if (is_any<ops::layer_norm, ops::rms_norm>(n)) {
      int const axes = is_any<ops::layer_norm>(n)
                           ? core::from_words<ops::layer_norm::attrs>(g_.words_of(n)).axes
                           : 1;
      rows(elements(n, 0), x.product(x.rank - axes, x.rank), ok);
      ok = ok && are_fixed(n, 1, own);
      return elements(n, 0);
    }
    if (is_any<ops::reduce_sum, ops::reduce_mean, ops::reduce_max, ops::reduce_min,
               ops::reduce_prod>(n))
      return of_reduction(n, ok);
    if (is_any<ops::gather>(n)) {
      ok = ok && is_fixed(n, 0) && core::from_words<ops::gather::attrs>(g_.words_of(n)).axis == 0;
      return elements(n, 1) * extent(x.product(1, x.rank));
    }
    if (is_any<ops::rotary_embedding>(n)) {
      rows(elements(n, 0), x.product(x.rank - 2, x.rank), ok);
      ok = ok && are_fixed(n, 1, own) && x.product(0, x.rank - 3) == 1;
      return elements(n, 0);
    }
    if (is_any<ops::attention>(n)) return of_attention(n, own, ok);
    if (is_any<ops::slice_rows>(n)) return of_slice_rows(n, ok);
    if (is_any<ops::rows_like>(n)) {
      ok = ok && is_fixed(n, 0);
      ir::shape const& like = type(n, 1).shape;
      return rows(elements(n, 1), like.product(1, like.rank), ok) * extent(y.product(1, y.rank));
    }
    if (is_any<ops::slice>(n)) return of_slice(n, ok);
    if (is_any<ops::concat>(n)) return of_concat(n, ok);
    ok = false;
    return {};
  }

  /// Either rows are reduced, each alone, or all of them are.
  constexpr extent of_reduction(ir::node const& n, bool& ok) const {
    ir::shape const& x = type(n, 0).shape;
    auto const axes = core::from_words<ops::reduction::attrs>(g_.words_of(n)).axes;
    auto const view = passes::view_of_reduction(x, axes);
    bool by_row = view.ok;
    extent const whole = rows(elements(n, 0), view.reduced * view.inner, by_row);
    if (by_row) return whole * extent(view.inner);
    ok = ok && view.ok && view.outer == 1;
    rows(elements(n, 0), view.inner, ok);
    return extent(n.type.elements());
  }

  constexpr extent of_attention(ir::node const& n, int own, bool& ok) const {
    ir::shape const &q = type(n, 0).shape, &k = type(n, 1).shape, &v = type(n, 2).shape;
    int const r = q.rank;
    extent const queries = rows(elements(n, 0), q.product(r - 2, r), ok);
    extent const keys = rows(elements(n, 1), k.product(r - 2, r), ok);
    ok = ok && own == 3 && q.product(0, r - 3) == 1;
    ok = ok && rows(elements(n, 2), v.product(r - 2, r), ok) == keys;
    if (core::from_words<etch::attention>(g_.words_of(n)).causal) ok = ok && queries == keys;
    return queries * extent(n.type.shape.product(r - 2, r));
  }

  constexpr extent of_slice_rows(ir::node const& n, bool& ok) {
    ir::shape const& x = type(n, 0).shape;
    auto const a = core::from_words<ops::slice_rows::attrs>(g_.words_of(n));
    std::int64_t const row = x.product(1, x.rank);
    extent const all = rows(elements(n, 0), row, ok);
    std::int64_t const least = ops::slice_rows::least_rows(a);
    if (least > 1) found_.limits.push_back({all, least});
    extent const begin = a.start < 0 ? all + a.start : extent(a.start);
    extent const end = a.stop == to_end ? all : a.stop < 0 ? all + a.stop : extent(a.stop);
    return (end - begin) * extent(row);
  }

  /// A part of each row.
  constexpr extent of_slice(ir::node const& n, bool& ok) const {
    ir::shape const &x = type(n, 0).shape, &y = n.type.shape;
    int const axis = first_cut(n, x);
    return rows(elements(n, 0), x.product(axis, x.rank), ok) * extent(y.product(axis, y.rank));
  }
  constexpr int first_cut(ir::node const& n, ir::shape const& x) const {
    auto const a = core::from_words<ops::slice::attrs>(g_.words_of(n));
    int axis = 0;
    while (axis < x.rank && a.sizes[index(axis)] == x[axis]) ++axis;
    return axis;
  }

  /// Rows of all operands one after the other, or rows put together of one of each operand.
  constexpr extent of_concat(ir::node const& n, bool& ok) const {
    ir::shape const& y = n.type.shape;
    int const axis = core::from_words<ops::concat::attrs>(g_.words_of(n)).axis;
    if (axis == 0 || y.product(0, axis) == 1) {
      extent all;
      for (int i = 0; i < n.inputs.count; ++i) {
        rows(elements(n, i), y.product(axis + 1, y.rank), ok);
        all = all + elements(n, i);
      }
      return all;
    }
    auto const rows_of = [&](int i) {
      ir::shape const& x = type(n, i).shape;
      return rows(elements(n, i), x.product(axis, x.rank), ok);
    };
    extent const count = rows_of(0);
    for (int i = 1; i < n.inputs.count; ++i) ok = ok && rows_of(i) == count;
    return count * extent(y.product(axis, y.rank));
  }

  // Control: a scan walks along as many rows as the call has.

  constexpr extent turns_of(ir::node const& n, bool& ok) const {
    ir::control_layout const at = ir::layout_of(g_, n);
    extent turns(at.length);
    for (int s = at.carried; s < at.captures; ++s) {
      extent const own = rows(elements(n, s), ir::row_of(type(n, s)).elements(), ok);
      ok = ok && (s == at.carried || own == turns);
      turns = own;
    }
    return turns;
  }

  constexpr extent of_control(ir::node const& n, bool& ok) const {
    ir::control_layout const at = ir::layout_of(g_, n);
    ok = ok && are_fixed(n, at.captures, n.inputs.count) && are_fixed(n, 0, at.carried);
    if (ir::is(n, ir::scan_op)) turns_of(n, ok);
    return {};
  }

  constexpr extent of_result(ir::node_id id, bool& ok) const {
    ir::node const& control = g_[g_.input(id, 0)];
    ir::control_layout const at = ir::layout_of(g_, control);
    ir::tensor_type const& type = g_[id].type;
    if (!ir::is(control, ir::scan_op) || ir::result_number(g_, id) < at.carried)
      return extent(type.elements());
    return turns_of(control, ok) * extent(ir::row_of(type).elements());
  }

  ir::graph const& g_;
  value_lengths found_;
};

}  // namespace detail

constexpr value_lengths lengths_of(ir::graph const& g) { return detail::length_finder(g).find(); }

/// The length that an extent is a multiple of for all calls: 64 T and T have one.
constexpr extent common_length(extent const& of) {
  std::int64_t common = 0;
  for (int t = 0; t < of.term_count; ++t)
    common = std::gcd(common, of.terms[static_cast<std::size_t>(t)].factor);
  extent length = of;
  length.divisor = common;
  return length * extent(1);
}

}  // namespace etch::plan
