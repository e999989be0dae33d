#pragma once

#include <cstdint>

#include <etch/ir/builtin.hpp>
#include <etch/ops/structured_ops.hpp>

namespace etch::passes {

/// The result of a step as the matrix [rows][cols] in which its kernel hands it out.
struct row_view {
  std::int64_t rows =
      0;  ///< 0: the operator's kernel hands out nothing (a fused step cannot follow)
  std::int64_t cols = 0;
};

/// A reduction as [outer][reduced][inner]; `ok` when its axes are neighbours.
struct reduction_view {
  std::int64_t outer = 1, reduced = 1, inner = 1;
  bool ok = true;
};

constexpr reduction_view view_of_reduction(ir::shape const& x, core::ints<6> const& axes) {
  reduction_view view;
  bool begun = false, ended = false;
  for (int i = 0; i < x.rank; ++i) {
    bool const reduced = axes.contains(i);
    if (x[i] == 1) continue;
    if (reduced) {
      if (ended) view.ok = false;
      begun = true;
      view.reduced *= x[i];
    } else if (begun) {
      ended = true;
      view.inner *= x[i];
    } else {
      view.outer *= x[i];
    }
  }
  return view;
}

namespace detail {

template <class... Op>
constexpr bool is_any(ir::node const& n) {
  return ((n.op == &ir::info_of<Op>) || ...);
}

template <class Op>
constexpr row_view view_if_reduction(ir::graph const& g, ir::node const& n) {
  if (n.op != &ir::info_of<Op>) return {};
  auto const axes = core::from_words<typename Op::attrs>(g.words_of(n)).axes;
  auto const view = view_of_reduction(g[g.inputs_of(n)[0]].type.shape, axes);
  return view.ok ? row_view{view.outer, view.inner} : row_view{};
}

}  // namespace detail

/// The view of a node's result, if its kernel can run an epilogue on it.
constexpr row_view view_of(ir::graph const& g, ir::node const& n) {
  if (n.type.dtype != dtype::f32 && n.type.dtype != dtype::f64) return {};
  std::int64_t const cols = n.type.rank() == 0 ? 1 : n.type.shape[n.type.rank() - 1];
  row_view const by_last{n.type.elements() / cols, cols};
  if (detail::is_any<ops::linear, ops::lane_linear, ops::lane_conv2d, ops::matmul, ops::rms_norm>(
          n))
    return by_last;
  if (detail::is_any<ops::layer_norm>(n)) {
    int const axes = core::from_words<ops::layer_norm::attrs>(g.words_of(n)).axes;
    std::int64_t const width = n.type.shape.product(n.type.rank() - axes, n.type.rank());
    return {n.type.elements() / width, width};
  }
  if (detail::is_any<ops::conv2d>(n))
    return core::from_words<ops::conv2d::attrs>(g.words_of(n)).channels_last ? by_last : row_view{};
  if (detail::is_any<ops::max_pool2d>(n))
    return core::from_words<ops::max_pool2d::attrs>(g.words_of(n)).channels_last ? by_last
                                                                                 : row_view{};
  if (detail::is_any<ops::avg_pool2d>(n))
    return core::from_words<ops::avg_pool2d::attrs>(g.words_of(n)).channels_last ? by_last
                                                                                 : row_view{};
  if (detail::is_any<ops::softmax>(n))
    return core::from_words<ops::softmax::attrs>(g.words_of(n)).axis == n.type.rank() - 1
               ? by_last
               : row_view{};
  if (detail::is_any<ops::log_softmax>(n))
    return core::from_words<ops::log_softmax::attrs>(g.words_of(n)).axis == n.type.rank() - 1
               ? by_last
               : row_view{};
  row_view view = detail::view_if_reduction<ops::reduce_sum>(g, n);
  if (view.rows == 0) view = detail::view_if_reduction<ops::reduce_mean>(g, n);
  if (view.rows == 0) view = detail::view_if_reduction<ops::reduce_max>(g, n);
  if (view.rows == 0) view = detail::view_if_reduction<ops::reduce_min>(g, n);
  if (view.rows == 0) view = detail::view_if_reduction<ops::reduce_prod>(g, n);
  return view;
}

/// How an operand that broadcasts to a result is addressed in the result's row view: element
/// (row, col) is at row * row_stride + col * col_stride.
struct row_strides {
  std::int64_t row = 0;
  std::int64_t col = 0;
  bool ok = true;
};

constexpr row_strides strides_in(row_view view, ir::shape const& result, ir::shape const& operand) {
  std::int64_t const n = operand.elements();
  if (n == 1) return {0, 0};
  // From the right: the operand has all columns or one of each; then all rows or one.
  std::int64_t seen = 1, own_cols = 1, own_rows = 1;
  bool partial = false;
  for (int i = 1; i <= result.rank; ++i) {
    std::int64_t const whole = result[result.rank - i];
    std::int64_t const own = i <= operand.rank ? operand[operand.rank - i] : 1;
    (seen < view.cols ? own_cols : own_rows) *= own;
    seen *= whole;
    partial = partial || (own != 1 && own != whole);
  }
  bool const cols_fit = own_cols == view.cols || own_cols == 1;
  bool const rows_fit = own_rows == view.rows || own_rows == 1;
  if (partial || !cols_fit || !rows_fit) return {0, 0, false};
  return {own_rows == 1 ? 0 : own_cols, own_cols == 1 ? 0 : 1};
}

}  // namespace etch::passes
