#pragma once

#include <cstdint>
#include <span>

#include <etch/core/list.hpp>
#include <etch/ir/builtin.hpp>
#include <etch/ops/cast.hpp>
#include <etch/ops/structured_ops.hpp>

namespace etch::passes {

/// Why a graph over a sequence has no form for blocks of it.
enum class sequence_fault : unsigned char {
  none,
  length,      ///< it depends on the length of the sequence in more than its rows
  edges,       ///< no argument has rows, or those of an argument or a result are not outermost
  state,       ///< it keeps values from call to call
  row_weight,  ///< a weight or a literal has a value for each row
  operation,   ///< an operator reads rows other than its own, and is no convolution
  stride,      ///< a stride does not divide the rows of a block
};

/// Where the rows of a sequence are in a value.
struct row_axis {
  int axis = -1;            ///< -1: it has none
  std::int64_t stride = 1;  ///< rows of the sequence for each row of the value

  constexpr bool has_rows() const { return axis >= 0; }
};

/// The rows of a sequence in all values of a graph.
struct sequence_rows {
  core::list<row_axis> of;
  sequence_fault fault = sequence_fault::none;
  ir::op_key at;  ///< the operator at fault

  constexpr row_axis operator[](ir::node_id id) const { return of[static_cast<std::size_t>(id)]; }
};

namespace detail {

/// The axis in which two types differ; `fits` is false where that is not one axis alone, or not by
/// a divisor of `more` rows.
struct changed_axis {
  row_axis rows;
  bool fits = true;
};

constexpr changed_axis axis_that_changed(ir::tensor_type const& a, ir::tensor_type const& b,
                                         std::int64_t more) {
  changed_axis found;
  found.fits = a.dtype == b.dtype && a.rank() == b.rank();
  for (int i = 0; found.fits && i < a.rank(); ++i) {
    std::int64_t const added = b.shape[i] - a.shape[i];
    if (added == 0) continue;
    found.fits = !found.rows.has_rows() && added > 0 && more % added == 0;
    if (found.fits) found.rows = {i, more / added};
  }
  return found;
}

template <class Op>
constexpr typename Op::attrs attrs_of(ir::graph const& g, ir::node const& n) {
  return core::from_words<typename Op::attrs>(g.words_of(n));
}

/// How the rows go through one node.
class node_rows {
  // clang 14 wants these before what calls them in constant evaluation
  template <class Op>
  constexpr bool is() const {
    return n_.op == &ir::info_of<Op>;
  }
  template <class Op>
  constexpr typename Op::attrs attrs() const {
    return attrs_of<Op>(g_, n_);
  }

 public:
  constexpr node_rows(ir::graph const& g, ir::node_id id, sequence_rows const& rows)
      : g_(g),
        n_(g[id]),
        in_(g.inputs_of(id)),
        rows_(rows),
        out_(rows[id].axis),
        stride_(rows[id].stride) {}

  /// Whether a row of the result depends on the same row of the operands alone; of convolutions,
  /// pads and slices: on rows at constant distances.
  constexpr bool keep_apart() const {
    if (!any_has_rows()) return out_ < 0;
    if (out_ < 0 || n_.op->is.control || !(is<ops::conv2d>() || same_strides())) return false;
    if (n_.op->is.elementwise) return broadcast_alike();
    if (is<ops::concat>()) return all_alike() && attrs<ops::concat>().axis != out_;
    if (is<ops::matmul>()) return of_matmul();
    if (is<ops::gather>())
      return attrs<ops::gather>().axis == 0 && rows_of(0) < 0 && rows_of(1) == out_;
    for (std::size_t i = 1; i < in_.size(); ++i) {
      if (rows_of(i) >= 0) return false;
    }
    return of_first();
  }

 private:
  constexpr int rows_of(std::size_t operand) const { return rows_[in_[operand]].axis; }

  constexpr bool any_has_rows() const {
    for (std::size_t i = 0; i < in_.size(); ++i) {
      if (rows_of(i) >= 0) return true;
    }
    return false;
  }
  constexpr bool same_strides() const {
    for (ir::node_id in : in_) {
      if (rows_[in].has_rows() && rows_[in].stride != stride_) return false;
    }
    return true;
  }
  constexpr bool all_alike() const {
    for (std::size_t i = 0; i < in_.size(); ++i) {
      if (rows_of(i) != out_) return false;
    }
    return true;
  }
  constexpr bool broadcast_alike() const {
    for (std::size_t i = 0; i < in_.size(); ++i) {
      int const added = n_.type.rank() - g_[in_[i]].type.rank();
      if (rows_of(i) >= 0 && rows_of(i) + added != out_) return false;
    }
    return true;
  }
  constexpr bool of_matmul() const {
    int const inner = g_[in_[0]].type.rank() - 1, columns = g_[in_[1]].type.rank() - 1;
    return rows_of(0) != inner && (rows_of(1) < 0 || rows_of(1) < columns - 1);
  }

  template <class Op>
  constexpr bool reduces_others() const {
    return is<Op>() && !attrs<Op>().axes.contains(rows_of(0));
  }

  /// Of a node whose first operand alone has rows.
  constexpr bool of_first() const {
    int const own = rows_of(0), rank = g_[in_[0]].type.rank();
    auto const at = static_cast<std::size_t>(own);
    if (is<ops::linear>() || is<ops::rms_norm>()) return own < rank - 1;
    if (is<ops::layer_norm>()) return own < rank - attrs<ops::layer_norm>().axes;
    if (is<ops::batch_norm>())
      return ir::normalised_axis(attrs<ops::batch_norm>().axis, rank) != own;
    if (is<ops::softmax>()) return attrs<ops::softmax>().axis != own;
    if (is<ops::log_softmax>()) return attrs<ops::log_softmax>().axis != own;
    if (is<ops::reshape>())
      return g_[in_[0]].type.shape.product(0, own) == n_.type.shape.product(0, out_);
    if (is<ops::slice>()) return attrs<ops::slice>().steps[at] == 1;
    if (is<ops::pad>()) {
      auto const a = attrs<ops::pad>();
      return a.value == 0 || (a.before[at] == 0 && a.after[at] == 0);
    }
    if (is<ops::conv2d>()) {
      ops::image_axes const axes(attrs<ops::conv2d>().channels_last);
      return own == axes.h || own == axes.w;
    }
    return n_.op->is.identity || is<ops::cast>() || is<ops::transpose>() ||
           reduces_others<ops::reduce_sum>() || reduces_others<ops::reduce_mean>() ||
           reduces_others<ops::reduce_max>() || reduces_others<ops::reduce_min>() ||
           reduces_others<ops::reduce_prod>();
  }

  ir::graph const& g_;
  ir::node const& n_;
  std::span<ir::node_id const> in_;
  sequence_rows const& rows_;
  int out_;
  std::int64_t stride_;
};

/// Whether two graphs differ in the extents of their values at most.
constexpr bool same_structure(ir::graph const& a, ir::graph const& b) {
  if (a.size() != b.size() || a.outputs != b.outputs || a.edges != b.edges) return false;
  for (ir::node_id id = 0; id < a.size(); ++id) {
    ir::node const &x = a[id], &y = b[id];
    if (x.op != y.op || x.words.count != y.words.count || a.name_of(id) != b.name_of(id))
      return false;
    // the words of a reshape are its extents; a loop along the rows has a sentence of its own
    if (x.op == &ir::info_of<ops::reshape> || x.op->is.control) continue;
    if (x.op == &ir::info_of<ops::slice>) {
      auto const p = attrs_of<ops::slice>(a, x), q = attrs_of<ops::slice>(b, y);
      if (p.starts != q.starts || p.steps != q.steps) return false;
      continue;
    }
    for (int i = 0; i < x.words.count; ++i) {
      if (a.words_of(x)[i] != b.words_of(y)[i]) return false;
    }
  }
  return true;
}

/// What is read from outside or handed out has its rows outermost, and some argument has rows.
constexpr bool edges_have_rows_outermost(ir::graph const& g, sequence_rows const& rows) {
  bool any = false, outermost = true;
  auto const look = [&](ir::node_id id) {
    int const axis = rows[id].axis;
    outermost = outermost && (axis < 0 || g[id].type.shape.product(0, axis) == 1);
  };
  for (ir::node_id in : g.inputs) {
    any = any || rows[in].has_rows();
    look(in);
  }
  for (ir::node_id out : g.outputs) look(out);
  return any && outermost;
}

}  // namespace detail

/// Finds the rows of a sequence in the values of a function's graph, from that for `length` rows
/// and that for `longer_length`; or says why the graph cannot go from block to block.
constexpr sequence_rows find_rows(ir::graph const& g, ir::graph const& longer, std::int64_t length,
                                  std::int64_t longer_length) {
  sequence_rows found;
  auto const fault = [&](sequence_fault what, ir::op_key at = {}) {
    found.fault = what;
    found.at = at;
    return found;
  };
  if (!g.states.empty()) return fault(sequence_fault::state);
  if (!detail::same_structure(g, longer)) return fault(sequence_fault::length);
  for (ir::node_id id = 0; id < g.size(); ++id) {
    auto const changed =
        detail::axis_that_changed(g[id].type, longer[id].type, longer_length - length);
    found.of.push_back(changed.rows);
    ir::node const& n = g[id];
    if (ir::is(n, ir::parameter_op) || ir::is(n, ir::constant_op)) {
      if (!changed.fits || changed.rows.has_rows()) return fault(sequence_fault::row_weight);
    } else if (ir::is(n, ir::input_op)) {
      bool const rows_fit = changed.fits && changed.rows.stride == 1 &&
                            (!changed.rows.has_rows() || n.type.shape[changed.rows.axis] == length);
      if (!rows_fit) return fault(sequence_fault::length);
    } else if (!changed.fits || !detail::node_rows(g, id, found).keep_apart()) {
      return fault(sequence_fault::operation, n.op->key);
    }
  }
  if (!detail::edges_have_rows_outermost(g, found)) return fault(sequence_fault::edges);
  return found;
}

}  // namespace etch::passes
