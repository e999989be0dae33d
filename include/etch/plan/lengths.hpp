#pragma once

#include <array>
#include <cstddef>
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

/// Which length each extent of a value is, counted from 1; 0: one that never changes.
using axis_lengths = std::array<signed char, ir::max_rank>;

/// What the calls of a model with bounded extents use of each value of its graph: a dense tensor of
/// the extents that the call has.
struct value_lengths {
  core::list<extent> lengths;     ///< that extents of values have
  core::list<axis_lengths> axes;  ///< of each node, in order; empty where no input is bounded
  core::list<extent> elements;    ///< of each node
  core::list<row_limit> limits;
  ir::node_id refused = -1;  ///< a node that has no rule for its operands
};

/// In every call: but for whole numbers it is a multiple of an extent that is one, because it is
/// one of an input, or because a call of which it is none is refused.
constexpr bool is_whole(ir::graph const& g, core::list<row_limit> const& limits, extent const& of) {
  if (of.divisor == 1) return true;
  auto const is_multiple = [&](extent const& part) {
    for (std::int64_t times = 1; times < of.divisor; ++times) {
      if ((of - part * extent(times)).divisor == 1) return true;
    }
    return false;
  };
  for (extent const& part : g.in_call.parts) {
    if (is_multiple(part)) return true;
  }
  for (row_limit const& limit : limits) {
    if (limit.rows.divisor > 1 && is_multiple(limit.rows)) return true;
  }
  return false;
}

namespace detail {

/// Follows the extents from node to node. An operator without a rule that meets a bounded one is
/// refused, and so is one whose kernel would need a distance in memory that the call decides.
class length_finder {
 public:
  constexpr explicit length_finder(ir::graph const& g) : g_(g) {}

  constexpr value_lengths find() {
    if (g_.in_call.elements.empty()) return {};
    for (ir::node_id id = 0; id < g_.size(); ++id) {
      bool ok = true;
      found_.axes.push_back(axes_of(id, ok));
      found_.elements.push_back(elements_of(g_[id].type.shape, found_.axes.back()));
      if (!ok) {
        found_.refused = id;
        return found_;
      }
    }
    for (ir::state_slot const& each : g_.states) {
      if (is_bounded(axes(each.next))) found_.refused = each.next;
    }
    return found_;
  }

 private:
  static constexpr std::size_t index(int i) { return static_cast<std::size_t>(i); }

  constexpr axis_lengths const& axes(ir::node_id id) const { return found_.axes[index(id)]; }
  constexpr axis_lengths const& axes(ir::node const& n, int i) const {
    return axes(g_.inputs_of(n)[index(i)]);
  }
  constexpr ir::tensor_type const& type(ir::node const& n, int i) const {
    return g_[g_.inputs_of(n)[index(i)]].type;
  }
  template <class Attrs>
  constexpr Attrs attrs(ir::node const& n) const {
    return core::from_words<Attrs>(g_.words_of(n));
  }

  static constexpr bool is_bounded(axis_lengths const& of, int first = 0, int last = ir::max_rank) {
    for (int axis = first; axis < last; ++axis) {
      if (of[index(axis)] != 0) return true;
    }
    return false;
  }
  constexpr bool are_fixed(ir::node const& n, int first, int last) const {
    for (int i = first; i < last; ++i) {
      if (is_bounded(axes(n, i))) return false;
    }
    return true;
  }

  constexpr signed char number_of(extent const& length) {
    if (length.is_fixed() || length.most() == 1) return 0;
    std::size_t i = 0;
    while (i < found_.lengths.size() && !(found_.lengths[i] == length)) ++i;
    if (i == found_.lengths.size()) found_.lengths.push_back(length);
    return static_cast<signed char>(i + 1);
  }
  constexpr extent extent_of(ir::shape const& x, axis_lengths const& of, int axis) const {
    int const number = of[index(axis)];
    return number == 0 ? extent(x[axis]) : found_.lengths[index(number - 1)];
  }
  constexpr extent product(ir::shape const& x, axis_lengths const& of, int first, int last) const {
    std::int64_t fixed = 1;
    extent all(1);
    for (int axis = first; axis < last; ++axis) {
      if (of[index(axis)] == 0)
        fixed *= x[axis];
      else
        all = all * extent_of(x, of, axis);
    }
    return all * extent(fixed);
  }
  constexpr extent elements_of(ir::shape const& x, axis_lengths const& of) const {
    return is_bounded(of) ? product(x, of, 0, x.rank) : extent(x.elements());
  }

  constexpr axis_lengths numbers_of(ir::shape const& x, ir::extent_array const& of) {
    axis_lengths numbers{};
    for (int axis = 0; axis < x.rank; ++axis) numbers[index(axis)] = number_of(of[index(axis)]);
    return numbers;
  }

  constexpr void demand(row_limit const& limit) {
    for (row_limit const& other : found_.limits) {
      if (other == limit) return;
    }
    found_.limits.push_back(limit);
  }

  constexpr axis_lengths axes_of(ir::node_id id, bool& ok) {
    ir::node const& n = g_[id];
    if (ir::is(n, ir::input_op)) {
      for (std::size_t i = 0; i < g_.inputs.size(); ++i) {
        if (g_.inputs[i] == id) return numbers_of(n.type.shape, g_.in_call.axes[i]);
      }
    }
    if (ir::is_control(n)) return of_control(n, ok);
    if (ir::is(n, ir::result_op)) return of_result(id, ok);
    if (are_fixed(n, 0, n.inputs.count)) return {};
    if (ir::is(n, ir::fused_op)) return of_elementwise(n, 0, {}, ok);
    int const own = ir::own_operands(g_, n);
    axis_lengths const result = are_fixed(n, 0, own) ? axis_lengths{} : of_operator(n, own, ok);
    return own < n.inputs.count ? of_elementwise(n, own, result, ok) : result;
  }

  /// Operands from `first` on that broadcast to the result; or those of an epilogue behind an
  /// operator's own result, which has `known` lengths. Up to the last bounded axis the latter go
  /// along with every axis or with none: then the distances in memory are those of the bounds.
  constexpr axis_lengths of_elementwise(ir::node const& n, int first, axis_lengths const& known,
                                        bool& ok) const {
    ir::shape const& y = n.type.shape;
    axis_lengths result = known;
    int bounded = 0;
    for (int i = first; i < n.inputs.count; ++i) {
      ir::shape const& x = type(n, i).shape;
      for (int axis = y.rank - x.rank; axis < y.rank; ++axis) {
        int const number = axes(n, i)[index(axis - (y.rank - x.rank))];
        if (number != 0) result[index(axis)] = static_cast<signed char>(number);
      }
    }
    for (int axis = 0; axis < y.rank; ++axis) {
      if (result[index(axis)] != 0) bounded = axis + 1;
    }
    if (first > 0) ok = ok && result == known;
    for (int i = first; i < n.inputs.count; ++i) {
      ir::shape const& x = type(n, i).shape;
      bool along = false, repeated = false;
      for (int axis = 0; axis < y.rank; ++axis) {
        int const own = axis - (y.rank - x.rank);
        bool const goes_along = own >= 0 && x[own] == y[axis];
        if (y[axis] == 1) continue;
        ok = ok && (!goes_along || axes(n, i)[index(own)] == result[index(axis)]);
        if (axis < bounded) (goes_along ? along : repeated) = true;
      }
      ok = ok && !(first > 0 && along && repeated);
    }
    return result;
  }

  // Windows: in front of what calls them, clang 14 has no body for a later template yet when a
  // constant expression needs it.

  constexpr axis_lengths of_convolution(ir::node const& n, int own, bool& ok) {
    ir::shape const &x = type(n, 0).shape, &w = type(n, 1).shape;
    auto const a = attrs<ops::conv2d::attrs>(n);
    ok = ok && a.channels_last && are_fixed(n, 1, own);
    // windows of one column are sums in several chains, of pixels that lie evenly apart
    bool const columns = x[1] > 1 && w[2] > 1 && w[3] == 1;
    ok = ok && !(columns && axes(n, 0)[2] != 0);
    return of_windows(x, axes(n, 0), ops::conv2d::vertical(x, w, a),
                      ops::conv2d::horizontal(x, w, a), ok);
  }
  template <class Op>
  constexpr axis_lengths of_pool(ir::node const& n, bool& ok) {
    ir::shape const& x = type(n, 0).shape;
    auto const a = attrs<typename Op::attrs>(n);
    ok = ok && a.channels_last;
    return of_windows(x, axes(n, 0), ops::pool_rule::vertical(x, a),
                      ops::pool_rule::horizontal(x, a), ok);
  }

  /// Windows of images [batch, h, w, c], of which the channels are fixed.
  constexpr axis_lengths of_windows(ir::shape const& x, axis_lengths const& of,
                                    ops::window_axis const& down, ops::window_axis const& along,
                                    bool& ok) {
    ok = ok && of[3] == 0;
    return {of[0], slid(x, of, 1, down), slid(x, of, 2, along)};
  }
  constexpr signed char slid(ir::shape const& x, axis_lengths const& of, int axis,
                             ops::window_axis const& window) {
    if (of[index(axis)] == 0) return 0;
    extent const along = extent_of(x, of, axis);
    std::int64_t const padding = window.before + window.after;
    if (window.stride > 1) demand({window.steps(along), 0});
    if (window.reach() > padding + 1) demand({along + extent(padding), window.reach()});
    return number_of(window.positions(along));
  }

  constexpr axis_lengths of_operator(ir::node const& n, int own, bool& ok) {
    using passes::detail::is_any;
    ir::shape const &x = type(n, 0).shape, &y = n.type.shape;
    axis_lengths const& first = axes(n, 0);
    if (n.op->is.elementwise) return of_elementwise(n, 0, {}, ok);
    if (is_any<ops::cast>(n)) return first;
    if (is_any<ops::reshape>(n)) return of_reshape(n, ok);
    if (is_any<ops::linear>(n)) {
      ok = ok && are_fixed(n, 1, own) && !is_bounded(first, x.rank - 1, x.rank);
      return first;
    }
    if (is_any<ops::matmul>(n)) {
      ok = ok && are_fixed(n, 1, own) && type(n, 1).rank() == 2;
      ok = ok && !is_bounded(first, x.rank - 1, x.rank);
      ok = ok && (x.product(0, x.rank - 2) == 1 || !is_bounded(first, x.rank - 2, x.rank));
      return first;
    }
    if (is_any<ops::softmax, ops::log_softmax>(n)) {
      ok = ok && !is_bounded(first, attrs<ops::softmax::attrs>(n).axis, x.rank);
      return first;
    }
    if (is_any<ops::layer_norm, ops::rms_norm>(n)) {
      int const last = is_any<ops::layer_norm>(n) ? attrs<ops::layer_norm::attrs>(n).axes : 1;
      ok = ok && !is_bounded(first, x.rank - last, x.rank) && are_fixed(n, 1, own);
      return first;
    }
    if (is_any<ops::reduce_sum, ops::reduce_mean, ops::reduce_max, ops::reduce_min,
               ops::reduce_prod>(n))
      return of_reduction(n, ok);
    if (is_any<ops::gather>(n)) return of_gather(n, ok);
    if (is_any<ops::rotary_embedding>(n)) {
      ok = ok && are_fixed(n, 1, own) && !is_bounded(first, x.rank - 2, x.rank);
      ok = ok && x.product(0, x.rank - 3) == 1;
      return first;
    }
    if (is_any<ops::attention>(n)) return of_attention(n, own, ok);
    if (is_any<ops::conv2d>(n)) return of_convolution(n, own, ok);
    if (is_any<ops::max_pool2d>(n)) return of_pool<ops::max_pool2d>(n, ok);
    if (is_any<ops::avg_pool2d>(n)) return of_pool<ops::avg_pool2d>(n, ok);
    if (is_any<ops::slice_rows>(n)) return of_slice_rows(n, ok);
    if (is_any<ops::rows_like>(n)) {
      ok = ok && is_bounded(axes(n, 1), 0, 1) && are_fixed(n, 0, 1);
      return {axes(n, 1)[0]};
    }
    if (is_any<ops::slice>(n)) {
      auto const a = attrs<ops::slice::attrs>(n);
      for (int axis = 0; axis < x.rank; ++axis)
        ok = ok && (first[index(axis)] == 0 || a.sizes[index(axis)] == x[axis]);
      return first;
    }
    if (is_any<ops::concat>(n)) return of_concat(n, ok);
    if (is_any<ops::transpose>(n)) {
      auto const perm = attrs<ops::transpose::attrs>(n).perm;
      axis_lengths moved{};
      for (int axis = 0; axis < y.rank; ++axis)
        moved[index(axis)] = first[static_cast<std::size_t>(perm[index(axis)])];
      return moved;
    }
    if (is_any<ops::pad>(n)) {
      auto const a = attrs<ops::pad::attrs>(n);
      axis_lengths wider{};
      for (int axis = 0; axis < x.rank; ++axis)
        wider[index(axis)] = number_of(extent_of(x, first, axis) +
                                       extent(a.before[index(axis)] + a.after[index(axis)]));
      return wider;
    }
    ok = false;
    return {};
  }

  // Reshapes. What a shape at the bounds says is open where numbers are equal by accident: whatever
  // fits is compared with what the model itself wrote, and what stays open is refused.

  constexpr axis_lengths of_reshape(ir::node const& n, bool& ok) {
    ir::shape const &x = type(n, 0).shape, &y = n.type.shape;
    extent const all = product(x, axes(n, 0), 0, x.rank);
    bool found = false;
    axis_lengths result{};
    auto const consider = [&](axis_lengths const& of) {
      if (found && of != result) ok = false;
      result = of;
      found = true;
    };
    for (auto const& [node, each] : g_.in_call.reshaped) {
      extent whole(1);
      bool fits = true;
      ir::extent_array same{};
      int from = 0;
      for (int axis = 0; axis < y.rank && fits; ++axis) {
        while (from < ir::max_rank && y[axis] != 1 && each[index(from)] == extent(1)) ++from;
        same[index(axis)] = y[axis] == 1 || from == ir::max_rank ? extent(1) : each[index(from++)];
        fits = same[index(axis)].most() == y[axis];
        whole = whole * same[index(axis)];
      }
      while (from < ir::max_rank && each[index(from)] == extent(1)) ++from;
      fits = fits && (from == ir::max_rank || each[index(from)] == extent(0));
      if (fits && whole == all) consider(numbers_of(y, same));
    }
    bool grouped = true;
    axis_lengths const by_groups = regrouped(x, axes(n, 0), y, grouped);
    if (grouped) consider(by_groups);
    ok = ok && found;
    return result;
  }

  /// Axes of the result that are those of x, or products of neighbours of them; or, of a single
  /// bounded axis, the only one of several that can be the bounded one.
  constexpr axis_lengths regrouped(ir::shape const& x, axis_lengths const& of, ir::shape const& y,
                                   bool& ok) {
    axis_lengths result{};
    auto const skip_ones = [](ir::shape const& s, int& axis) {
      while (axis < s.rank && s[axis] == 1) ++axis;
    };
    int from = 0, to = 0;
    for (skip_ones(x, from), skip_ones(y, to); from < x.rank;
         skip_ones(x, from), skip_ones(y, to)) {
      int const begin = from, first = to;
      std::int64_t in = x[from++], out = y[to++];
      while (in != out) {
        if (in < out)
          in *= x[from++];
        else
          out *= y[to++];
      }
      if (is_bounded(of, begin, from)) split(product(x, of, begin, from), y, first, to, result, ok);
    }
    return result;
  }
  constexpr void split(extent const& all, ir::shape const& y, int first, int last,
                       axis_lengths& result, bool& ok) {
    std::int64_t const whole = y.product(first, last);
    int count = 0;
    for (int axis = first; axis < last; ++axis) {
      if (y[axis] == 1) continue;
      extent const own = all / (whole / y[axis]);
      if (!is_whole(g_, found_.limits, own)) continue;
      result[index(axis)] = number_of(own);
      ++count;
    }
    ok = ok && count == 1;
  }

  /// Either what is left goes by rows of the result, or all that is bounded is reduced.
  constexpr axis_lengths of_reduction(ir::node const& n, bool& ok) const {
    ir::shape const& x = type(n, 0).shape;
    auto const a = attrs<ops::reduction::attrs>(n);
    axis_lengths const& of = axes(n, 0);
    axis_lengths left{};
    int first = x.rank, last = 0, to = 0;
    bool bounded = false;
    for (int axis = 0; axis < x.rank; ++axis) {
      if (a.axes.contains(axis)) {
        if (x[axis] != 1) {
          first = axis < first ? axis : first;
          last = axis + 1;
        }
        bounded = bounded || of[index(axis)] != 0;
        to += a.keepdims;
      } else {
        left[index(to++)] = of[index(axis)];
      }
    }
    ok = ok && passes::view_of_reduction(x, a.axes).ok && !is_bounded(of, last, x.rank);
    if (bounded) ok = ok && !is_bounded(of, 0, first);
    return left;
  }

  constexpr axis_lengths of_gather(ir::node const& n, bool& ok) const {
    ok = ok && are_fixed(n, 0, 1) && attrs<ops::gather::attrs>(n).axis == 0;
    return axes(n, 1);
  }

  constexpr axis_lengths of_attention(ir::node const& n, int own, bool& ok) const {
    ir::shape const& q = type(n, 0).shape;
    int const r = q.rank;
    for (int i = 0; i < 3; ++i)
      ok = ok && !is_bounded(axes(n, i), 0, r - 3) && !is_bounded(axes(n, i), r - 2, r);
    auto const queries = axes(n, 0)[index(r - 3)], keys = axes(n, 1)[index(r - 3)];
    ok = ok && q.product(0, r - 3) == 1 && axes(n, 2)[index(r - 3)] == keys;
    if (attrs<etch::attention>(n).causal) ok = ok && queries == keys;
    if (own == 4) {  // a mask [batch, heads, queries, keys], or without some of them
      ir::shape const& mask = type(n, 3).shape;
      signed char const whole[]{0, 0, queries, keys};
      for (int axis = 0; axis < mask.rank; ++axis)
        ok = ok && (mask[axis] == 1 || axes(n, 3)[index(axis)] == whole[4 - mask.rank + axis]);
    }
    return axes(n, 0);
  }

  constexpr axis_lengths of_slice_rows(ir::node const& n, bool& ok) {
    ir::shape const& x = type(n, 0).shape;
    auto const a = attrs<ops::slice_rows::attrs>(n);
    ok = ok && !is_bounded(axes(n, 0), 1, x.rank);
    extent const all = extent_of(x, axes(n, 0), 0);
    std::int64_t const least = ops::slice_rows::least_rows(a);
    if (least > 1) demand({all, least});
    extent const begin = a.start < 0 ? all + a.start : extent(a.start);
    extent const end = a.stop == to_end ? all : a.stop < 0 ? all + a.stop : extent(a.stop);
    return {number_of(end - begin)};
  }

  constexpr axis_lengths of_concat(ir::node const& n, bool& ok) {
    int const joined = attrs<ops::concat::attrs>(n).axis;
    axis_lengths result = axes(n, 0);
    extent all(0);
    for (int i = 0; i < n.inputs.count; ++i) {
      axis_lengths other = axes(n, i);
      all = all + extent_of(type(n, i).shape, other, joined);
      other[index(joined)] = result[index(joined)];
      ok = ok && other == result;
    }
    result[index(joined)] = number_of(all);
    return result;
  }

  // Control: a scan walks along as many rows as the call has.

  constexpr signed char turns_of(ir::node const& n, bool& ok) const {
    ir::control_layout const at = ir::layout_of(g_, n);
    signed char turns = 0;
    for (int s = at.carried; s < at.captures; ++s) {
      ok = ok && !is_bounded(axes(n, s), 1) && (s == at.carried || axes(n, s)[0] == turns);
      turns = axes(n, s)[0];
    }
    return turns;
  }

  constexpr axis_lengths of_control(ir::node const& n, bool& ok) const {
    ir::control_layout const at = ir::layout_of(g_, n);
    ok = ok && are_fixed(n, at.captures, n.inputs.count) && are_fixed(n, 0, at.carried);
    if (ir::is(n, ir::scan_op)) turns_of(n, ok);
    return {};
  }

  constexpr axis_lengths of_result(ir::node_id id, bool& ok) const {
    ir::node const& control = g_[g_.input(id, 0)];
    ir::control_layout const at = ir::layout_of(g_, control);
    if (!ir::is(control, ir::scan_op) || ir::result_number(g_, id) < at.carried) return {};
    return {turns_of(control, ok)};
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
