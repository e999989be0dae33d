#pragma once

#include <cstdint>

#include <etch/ir/control.hpp>
#include <etch/ir/emit.hpp>
#include <etch/ops/cast.hpp>
#include <etch/ops/structured_ops.hpp>

namespace etch::passes {

/// Whether a node computes the rows of a sequence independently, so that it can compute all of
/// them at once: what it then is on `rows` of them. `row` says which operands have rows.
struct lifted_node {
  bool ok = false;
  ir::tensor_type type;
  core::list<std::int64_t> words;
};

/// The type of an operand with rows, beside a result of `rank` axes: elementwise operators
/// broadcast from the right, so extents of 1 stand between the rows and the axes of the operand.
constexpr ir::tensor_type lifted_operand(ir::tensor_type const& of, std::int64_t rows, int rank) {
  ir::tensor_type lifted{of.dtype, {}};
  lifted.shape.push_back(rows);
  for (int i = of.rank(); i < rank; ++i) lifted.shape.push_back(1);
  for (int i = 0; i < of.rank(); ++i) lifted.shape.push_back(of.shape[i]);
  return lifted;
}

namespace detail {

template <class Op>
constexpr bool is_op(ir::node const& n) {
  return n.op == &ir::info_of<Op>;
}

constexpr core::ints<6> behind(std::int64_t first, core::ints<6> const& rest,
                               std::int64_t added = 0) {
  core::ints<6> all;
  all.push_back(first);
  for (std::int64_t each : rest) all.push_back(each + added);
  return all;
}

template <class Attrs>
constexpr void take_attrs(lifted_node& to, Attrs const& attributes) {
  core::to_words(to.words, attributes);
  to.ok = true;
}

/// The attributes with one more axis in front.
constexpr void lift_attrs(lifted_node& to, ir::graph const& g, ir::node const& n, std::int64_t rows,
                          core::list<bool> const& row) {
  std::int64_t const* const words = g.words_of(n);
  bool first_alone = row[0];
  for (std::size_t i = 1; i < row.size(); ++i) first_alone = first_alone && !row[i];
  if (n.op->is.elementwise || is_op<ops::cast>(n)) {
    for (std::int64_t word : g.word_span(n)) to.words.push_back(word);
    to.ok = true;
  } else if (is_op<ops::linear>(n) || is_op<ops::layer_norm>(n)) {
    for (std::int64_t word : g.word_span(n)) to.words.push_back(word);
    to.ok = first_alone;
  } else if (is_op<ops::matmul>(n)) {
    auto const in = g.inputs_of(n);
    to.ok = first_alone && g[in[0]].type.rank() >= 2 && g[in[1]].type.rank() == 2;
  } else if (is_op<ops::softmax>(n) || is_op<ops::log_softmax>(n)) {
    take_attrs(to, ops::softmax::attrs{core::from_words<ops::softmax::attrs>(words).axis + 1});
  } else if (is_op<ops::reshape>(n)) {
    auto const a = core::from_words<ops::reshape::attrs>(words);
    take_attrs(to, ops::reshape::attrs{behind(rows, a.shape)});
  } else if (is_op<ops::transpose>(n)) {
    auto const a = core::from_words<ops::transpose::attrs>(words);
    take_attrs(to, ops::transpose::attrs{behind(0, a.perm, 1)});
  } else if (is_op<ops::slice>(n)) {
    auto const a = core::from_words<ops::slice::attrs>(words);
    take_attrs(to,
               ops::slice::attrs{behind(0, a.starts), behind(rows, a.sizes), behind(1, a.steps)});
  } else if (is_op<ops::gather>(n)) {
    auto const a = core::from_words<ops::gather::attrs>(words);
    take_attrs(to, a);
    to.ok = a.axis == 0 && !row[0] && row[1];
  }
}

}  // namespace detail

constexpr lifted_node lift(ir::graph const& g, ir::node const& n, std::int64_t rows,
                           core::list<bool> const& row) {
  lifted_node lifted;
  if (n.type.rank() >= ir::max_rank || n.region >= 0 || ir::is_leaf(n)) return lifted;
  detail::lift_attrs(lifted, g, n, rows, row);
  if (!lifted.ok) return lifted;
  core::list<ir::tensor_type> types;
  for (std::size_t i = 0; i < row.size(); ++i) {
    ir::tensor_type type = g[g.inputs_of(n)[i]].type;
    if (row[i]) type = lifted_operand(type, rows, n.op->is.elementwise ? n.type.rank() : 0);
    if (type.rank() > ir::max_rank) lifted.ok = false;
    types.push_back(type);
  }
  if (!lifted.ok) return lifted;
  ir::inferred const result = n.op->infer({types.data(), types.size()}, lifted.words.data());
  lifted.ok = result.ok() && result.type == ir::sequence_of(n.type, rows);
  lifted.type = result.type;
  return lifted;
}

}  // namespace etch::passes
