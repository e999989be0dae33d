#pragma once

#include <cstdint>

#include <etch/ir/builtin.hpp>
#include <etch/ir/control.hpp>
#include <etch/ir/graph.hpp>
#include <etch/ops/structured_ops.hpp>
#include <etch/passes/row_view.hpp>
#include <etch/plan/lengths.hpp>

namespace etch::plan {

/// When a chain of steps of images runs depth first, in bands of rows: all steps compute what a
/// few rows of the last image need, then the same for the next rows. Rows that both need are kept.
struct band_policy {
  bool on = true;
  std::int64_t least_bytes = 1 << 20;     ///< of an image that then never exists as a whole
  std::int64_t weight_bytes = 256 << 10;  ///< at most: each band reads all weights of the chain
  std::int64_t band_bytes = 512 << 10;    ///< of the rows that the steps hand to each other
  std::int64_t rows = 0;                  ///< of the last image in a band; 0: as many as fit
  constexpr bool operator==(band_policy const&) const = default;
};

/// When a chain of steps whose rows are independent runs depth first: all steps on a tile of rows,
/// then the next tile, so that what they hand to each other stays in the cache.
struct tile_policy {
  bool on = true;
  std::int64_t least_bytes = 192 << 10;   ///< of values that no longer exist as a whole
  std::int64_t weight_bytes = 256 << 10;  ///< at most: each tile reads all weights of the chain
  std::int64_t tile_bytes = 128 << 10;    ///< of what a step of a tile reads and writes
  std::int64_t least_rows = 12;           ///< of a tile: those of the tallest register tile
  std::int64_t most_rows = 256;
  band_policy bands{};  ///< of images
  constexpr bool operator==(tile_policy const&) const = default;
};

/// How an operand of a step moves from tile to tile, as a matrix of `cols` columns.
struct motion {
  enum class kind : unsigned char {
    unknown,           ///< the step cannot run in tiles
    stays,             ///< each tile reads all of it
    by_row,            ///< its rows are those of the result
    by_matrix,         ///< each matrix of a batch has its own, read whole
    by_row_of_matrix,  ///< its rows are those of each matrix of a batch
  };
  motion::kind how = kind::unknown;
  std::int64_t rows = 0;  ///< of a matrix that is read whole; 0: a line, or packed weights
  std::int64_t cols = 0;
};

/// A chain of nodes that runs in tiles: `matrices` times `rows` rows, `tile` rows at a time. Those
/// of images are bands of the last one, see band_choice.hpp.
struct tile_chain {
  ir::node_id first = 0, last = 0;
  std::int64_t matrices = 1, rows = 0, tile = 0;
  extent in_use;  ///< of the rows of the only matrix, where a call decides it
  bool images = false;
};

namespace detail {

/// An operand that broadcasts to a result of `rows` rows in each matrix.
constexpr motion motion_by_broadcast(ir::shape const& x, ir::shape const& y) {
  std::int64_t const n = x.elements();
  if (n == 1) return {motion::kind::stays, 0, 1};
  if (x.rank == 0 || y.rank == 0) return {};
  std::int64_t const cols = x[x.rank - 1], whole = y[y.rank - 1];
  if (cols != 1 && cols != whole) return {};
  std::int64_t const lead = n / cols;
  if (lead == 1) return {motion::kind::stays, 0, cols};
  if (lead == y.elements() / whole) return {motion::kind::by_row, 0, cols};
  if (y.rank > 1 && x.rank > 1 && lead == y[y.rank - 2] && x[x.rank - 2] == lead)
    return {motion::kind::by_row_of_matrix, 0, cols};
  return {};
}

}  // namespace detail

/// How operand i of a node moves when its result is computed a few rows at a time.
constexpr motion motion_of(ir::graph const& g, ir::node const& n, ir::op_key const& kernel, int i) {
  using kind = motion::kind;
  using passes::detail::is_any;
  ir::shape const& y = n.type.shape;
  ir::shape const& x = g[g.inputs_of(n)[static_cast<std::size_t>(i)]].type.shape;
  if (y.rank == 0) return {};
  if (ir::is(n, ir::fused_op) || i >= ir::own_operands(g, n))
    return detail::motion_by_broadcast(x, y);
  if (x.rank == 0) return {};
  motion const by_row{kind::by_row, 0, x[x.rank - 1]};
  if (kernel == ir::op_key("gemm")) return i == 0 ? by_row : motion{kind::stays, 0, 0};
  if (kernel == ir::op_key("matmul")) {
    std::int64_t const batches = y.product(0, y.rank - 2);
    if (i == 0) return x.product(0, x.rank - 2) == batches ? by_row : motion{};
    std::int64_t const matrices = x.product(0, x.rank - 2);
    if (matrices == 1) return {kind::stays, x[x.rank - 2], x[x.rank - 1]};
    return {matrices == batches ? kind::by_matrix : kind::unknown, x[x.rank - 2], x[x.rank - 1]};
  }
  if (kernel == ir::op_key("softmax")) return by_row;
  if (kernel == ir::op_key("layer_norm") &&
      core::from_words<ops::layer_norm::attrs>(g.words_of(n)).axes == 1)
    return i == 0 ? by_row : motion{kind::stays, 0, 0};
  if (kernel == ir::op_key("rms_norm")) return i == 0 ? by_row : motion{kind::stays, 0, 0};
  return {};
}

/// Finds the chains of a graph, one after the other.
class tile_finder {
 public:
  /// `kernels`: of each node; `buffer`: of each value, the node whose result holds it, -1 for
  /// inputs and weights; `last_read`: of each buffer, the node that reads it last; `in_use`: what
  /// calls use of each value.
  constexpr tile_finder(ir::graph const& graph, tile_policy const& policy,
                        core::list<ir::op_key> const& kernels, core::list<int> const& buffer,
                        core::list<int> const& last_read, value_lengths const& in_use)
      : graph_(graph),
        policy_(policy),
        kernels_(kernels),
        buffer_(buffer),
        last_read_(last_read),
        in_use_(in_use) {}

  constexpr core::list<tile_chain> find() {
    if (!policy_.on) return {};
    for (ir::node_id id = 0; id < graph_.size(); ++id) {
      if (ir::is_control(graph_[id])) close();
      if (kernels_[index(id)].view().empty()) continue;  // no step
      if (buffer_[index(id)] != id) {                    // its result is in no buffer
        close();
        continue;
      }
      if (!joins(id)) {
        close();
        joins(id);
      }
    }
    close();
    return static_cast<core::list<tile_chain>&&>(found_);
  }

 private:
  static constexpr std::size_t index(int id) { return static_cast<std::size_t>(id); }
  static constexpr std::int64_t size_of_element(ir::node const& n) {
    return static_cast<std::int64_t>(size_of(n.type.dtype));
  }

  constexpr bool is_member(int value) const {
    return !members_.empty() && value >= members_[0] && value <= members_.back();
  }

  /// The rows of `cols` columns that a call has of a value; fixed at 0 where it has all of them.
  constexpr extent rows_in_use(ir::node_id id, std::int64_t cols) const {
    if (in_use_.elements.empty() || in_use_.elements[index(id)].is_fixed()) return {};
    return in_use_.elements[index(id)] / cols;
  }
  /// Whether a call decides how long the rows of a value are.
  constexpr bool has_bounded_columns(ir::node_id id) const {
    int const rank = graph_[id].type.rank();
    return !in_use_.axes.empty() && rank > 0 &&
           in_use_.axes[index(id)][static_cast<std::size_t>(rank - 1)] != 0;
  }

  constexpr bool joins(ir::node_id id) {
    ir::node const& n = graph_[id];
    if (n.type.rank() == 0 || has_bounded_columns(id)) return false;
    ir::shape const& y = n.type.shape;
    std::int64_t const all = y.elements() / y[y.rank - 1];
    std::int64_t rows = members_.empty() ? 0 : rows_;
    std::int64_t weights = members_.empty() ? 0 : weights_;
    bool follows = members_.empty();
    if (!follows && all != all_) return false;
    extent const in_call = rows_in_use(id, y[y.rank - 1]);
    if ((!follows && !(in_call == in_call_)) || !is_whole(graph_, in_use_.limits, in_call))
      return false;
    for (int i = 0; i < n.inputs.count; ++i) {
      ir::node_id const in = graph_.inputs_of(n)[index(i)];
      motion const m = motion_of(graph_, n, kernels_[index(id)], i);
      if (m.how == motion::kind::unknown || has_bounded_columns(in)) return false;
      bool const by_row = m.how == motion::kind::by_row;
      if (!in_call.is_fixed() && !by_row && m.how != motion::kind::stays) return false;
      if (!(rows_in_use(in, by_row ? m.cols : 1) == (by_row ? in_call : extent()))) return false;
      if (is_member(buffer_[index(in)])) {
        if (!by_row) return false;
        follows = true;
      }
      if (m.how == motion::kind::by_matrix || m.how == motion::kind::by_row_of_matrix) {
        std::int64_t const own = y[y.rank - 2];
        if (rows != 0 && rows != own) return false;
        rows = own;
      }
      if (m.how == motion::kind::stays) weights += graph_[in].type.bytes();
      if (m.how == motion::kind::by_matrix) weights += m.rows * m.cols * size_of_element(n);
    }
    if (!follows || weights > policy_.weight_bytes) return false;
    all_ = all;
    in_call_ = in_call;
    rows_ = rows;
    weights_ = weights;
    members_.push_back(id);
    return true;
  }

  /// Ends the chain that is being collected, and keeps it if it pays.
  constexpr void close() {
    if (members_.size() > 1) keep_if_it_pays();
    members_.clear();
  }

  constexpr void keep_if_it_pays() {
    std::int64_t inner = 0, widest = 0;
    for (int member : members_) {
      ir::node const& n = graph_[member];
      std::int64_t taken = is_inner(member) ? row_bytes(n) : 0;
      for (ir::node_id in : graph_.inputs_of(n)) {
        int const from = buffer_[index(in)];
        if (is_member(from) && is_inner(from)) taken += row_bytes(graph_[from]);
      }
      if (taken > widest) widest = taken;
      if (is_inner(member)) inner += n.type.bytes();
    }
    if (inner < policy_.least_bytes || widest == 0) return;
    tile_chain chain;
    chain.first = members_[0];
    chain.last = members_.back();
    chain.rows = rows_ == 0 ? all_ : rows_;
    chain.matrices = all_ / chain.rows;
    std::int64_t most = policy_.tile_bytes / widest / policy_.least_rows * policy_.least_rows;
    if (most < policy_.least_rows) most = policy_.least_rows;
    if (most > policy_.most_rows) most = policy_.most_rows;
    std::int64_t const tiles = (chain.rows + most - 1) / most;
    chain.tile = (chain.rows + tiles - 1) / tiles;
    chain.in_use = in_call_;
    if (!in_call_.is_fixed())  // the rest of a call's rows is in its last tile
      chain.tile = (chain.tile + policy_.least_rows - 1) / policy_.least_rows * policy_.least_rows;
    if (tiles * chain.matrices > 1) found_.push_back(chain);
  }

  /// Whether nobody outside of the chain reads a member's result.
  constexpr bool is_inner(int member) const { return last_read_[index(member)] <= members_.back(); }
  constexpr std::int64_t row_bytes(ir::node const& n) const {
    return n.type.shape[n.type.rank() - 1] * size_of_element(n);
  }

  ir::graph const& graph_;
  tile_policy const& policy_;
  core::list<ir::op_key> const& kernels_;
  core::list<int> const& buffer_;
  core::list<int> const& last_read_;
  value_lengths const& in_use_;
  core::list<tile_chain> found_;
  core::list<int> members_;
  extent in_call_;
  std::int64_t all_ = 0, rows_ = 0, weights_ = 0;
};

}  // namespace etch::plan
