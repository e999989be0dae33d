#pragma once

#include <array>

#include <etch/eager/eigen_maps.hpp>
#include <etch/ir/op_info.hpp>

namespace etch::eager {

/// How the operands of an elementwise operator lie in rows of the result: every operand has a whole
/// row or one number for it, and its rows all differ or are all the same.
struct row_walk {
  std::int64_t rows = 1;
  std::int64_t cols = 1;
  std::array<std::int64_t, 2> row_stride{};
  std::array<bool, 2> whole_row{};
  bool ok = false;
};

namespace detail {

/// The extents of `from` at axes [first, last) of `to`: 1 where all are 1, 2 where all are those of
/// `to`, else 0.
inline int extents_within(ir::shape const& from, ir::shape const& to, int first, int last) {
  bool ones = true, whole = true;
  for (int axis = first; axis < last; ++axis) {
    int const own_axis = axis - (to.rank - from.rank);
    std::int64_t const own = own_axis < 0 ? 1 : from[own_axis];
    ones = ones && own == 1;
    whole = whole && own == to[axis];
  }
  return whole ? 2 : ones ? 1 : 0;
}

}  // namespace detail

/// The walk with the longest rows; not ok where the operands broadcast in another way.
inline row_walk rows_of(ir::operand_refs in, ir::shape const& out) {
  row_walk walk;
  for (int split = 0; split <= out.rank && !walk.ok; ++split) {
    walk.rows = out.product(0, split);
    walk.cols = out.product(split, out.rank);
    walk.ok = true;
    for (std::size_t k = 0; k < in.size(); ++k) {
      int const across = detail::extents_within(in[k].type.shape, out, 0, split);
      int const along = detail::extents_within(in[k].type.shape, out, split, out.rank);
      walk.ok = walk.ok && across != 0 && along != 0;
      walk.whole_row[k] = along == 2;
      walk.row_stride[k] = across != 2 ? 0 : along == 2 ? walk.cols : 1;
    }
  }
  return walk;
}

/// f(x, y) assigns a function of x to y, both Eigen arrays.
template <class T, class F>
bool run_unary(ir::operand_refs in, ir::tensor_ref out, F const& f) {
  std::int64_t const n = out.type.elements();
  auto y = as_row(out.as<T>(), n);
  f(as_row(in[0].as<T const>(), n), y);
  return true;
}

/// z = f(x, y), f a function of Eigen arrays and numbers.
template <class T, class F>
bool run_binary(ir::operand_refs in, ir::tensor_ref out, F const& f) {
  row_walk const walk = rows_of(in, out.type.shape);
  if (!walk.ok) return false;
  using row = Eigen::Array<T, 1, Eigen::Dynamic>;
  for (std::int64_t i = 0; i < walk.rows; ++i) {
    auto z = as_row(out.as<T>() + i * walk.cols, walk.cols);
    T const* const x = in[0].as<T const>() + i * walk.row_stride[0];
    T const* const y = in[1].as<T const>() + i * walk.row_stride[1];
    if (walk.whole_row[0] && walk.whole_row[1])
      z = f(as_row(x, walk.cols), as_row(y, walk.cols));
    else if (walk.whole_row[0])
      z = f(as_row(x, walk.cols), row::Constant(walk.cols, *y));
    else if (walk.whole_row[1])
      z = f(row::Constant(walk.cols, *x), as_row(y, walk.cols));
    else
      return false;
  }
  return true;
}

}  // namespace etch::eager
