#pragma once

#include <cstdint>

#include <etch/ir/builtin.hpp>
#include <etch/ir/control.hpp>
#include <etch/ir/graph.hpp>
#include <etch/ops/structured_ops.hpp>
#include <etch/plan/image_rows.hpp>
#include <etch/plan/tile_choice.hpp>

namespace etch::plan {

/// How a step of images reads the rows of its first operand.
struct row_window {
  std::int64_t stride = 1, pad = 0;
  std::int64_t reach = 0;  ///< from the first row that a row of the result reads to the last
};

/// The window of a node, by the kernel that computes it.
constexpr row_window row_window_of(ir::graph const& g, ir::node const& n,
                                   ir::op_key const& kernel) {
  if (kernel == ir::op_key("conv2d") || kernel == ir::op_key("depthwise")) {
    auto const a = core::from_words<ops::conv2d::attrs>(g.words_of(n));
    return {a.stride_h, a.pad_top, (g[g.inputs_of(n)[1]].type.shape[2] - 1) * a.dilation_h};
  }
  if (ir::is(n, ir::fused_op)) return {};
  auto const of_pool = [](auto const& a) {
    return row_window{a.stride_h, a.pad_top, a.kernel_h - 1};
  };
  if (n.op == &ir::info_of<ops::max_pool2d>)
    return of_pool(core::from_words<ops::max_pool2d::attrs>(g.words_of(n)));
  return of_pool(core::from_words<ops::avg_pool2d::attrs>(g.words_of(n)));
}

/// Whether a node's kernel can compute some rows of each image of its result.
constexpr bool is_image_step(ir::graph const& g, ir::node const& n, ir::op_key const& kernel) {
  ir::shape const& y = n.type.shape;
  if (y.rank != 4 || y[1] < 2) return false;
  auto const shape_of = [&](int i) -> ir::shape const& {
    return g[g.inputs_of(n)[static_cast<std::size_t>(i)]].type.shape;
  };
  bool const fused = ir::is(n, ir::fused_op);
  for (int i = fused ? 0 : ir::own_operands(g, n); i < n.inputs.count; ++i) {
    ir::shape const& x = shape_of(i);
    bool const by_channel = x.rank > 0 && x.elements() == x[x.rank - 1] && x.elements() == y[3];
    if (!(x == y) && !by_channel && x.elements() != 1) return false;
  }
  if (fused || kernel == ir::op_key("depthwise") || kernel == ir::op_key("pool2d")) return true;
  if (kernel != ir::op_key("conv2d")) return false;
  auto const a = core::from_words<ops::conv2d::attrs>(g.words_of(n));
  ir::shape const &x = shape_of(0), &w = shape_of(1);
  // windows of one column may have several chains to a sum, see kernels::conv2d_shape::signals
  bool const is_column = w[3] == 1 && x[2] == y[2] && a.stride_w == 1;
  bool const is_pixel =
      w[2] == 1 && a.stride_h == 1 && a.pad_top == 0 && a.pad_left == 0 && a.groups == 1;
  return x[1] > 1 && (!is_column || (is_pixel && x[1] == y[1]));
}

/// Finds the chains of a graph that run in bands of image rows, one after the other.
class band_finder {
 public:
  /// As tile_finder, for a graph whose lengths no call decides.
  constexpr band_finder(ir::graph const& graph, band_policy const& policy,
                        core::list<ir::op_key> const& kernels, core::list<int> const& buffer,
                        core::list<int> const& last_read)
      : graph_(graph),
        policy_(policy),
        kernels_(kernels),
        buffer_(buffer),
        last_read_(last_read),
        needed_(graph.nodes.size()) {}

  constexpr core::list<tile_chain> find() {
    for (ir::node_id id = 0; id < graph_.size(); ++id) {
      if (ir::is_control(graph_[id])) close();
      if (kernels_[index(id)].view().empty()) continue;  // no step
      if (buffer_[index(id)] != id || !is_image_step(graph_, graph_[id], kernels_[index(id)])) {
        close();
        continue;
      }
      if (members_.size() == most_members || !goes_on(id, 0)) close();
      members_.push_back(id);
    }
    close();
    return static_cast<core::list<tile_chain>&&>(found_);
  }

  /// Which rows are needed of the result of each member of a chain.
  constexpr core::list<image_rows> const& needed() const { return needed_; }

 private:
  static constexpr std::size_t most_members = 16;  // that are tried, longest chain first

  static constexpr std::size_t index(int id) { return static_cast<std::size_t>(id); }
  constexpr std::int64_t rows_of(ir::node_id id) const { return graph_[id].type.shape[1]; }
  constexpr std::int64_t row_bytes(ir::node_id id) const {
    ir::tensor_type const& type = graph_[id].type;
    return type.bytes() / (type.shape[0] * type.shape[1]);
  }

  constexpr bool is_member(int value, std::size_t first) const {
    for (std::size_t i = first; i < members_.size(); ++i) {
      if (members_[i] == value) return true;
    }
    return false;
  }

  /// Whether a step reads something of the members from `first` on that is better not kept as a
  /// whole, and all that it reads of them as it was made.
  constexpr bool goes_on(ir::node_id id, std::size_t first) const {
    bool pays = false;
    for (ir::node_id in : graph_.inputs_of(id)) {
      int const from = buffer_[index(in)];
      if (from < 0 || !is_member(from, first)) continue;
      if (!(graph_[in].type == graph_[from].type)) return false;
      pays = pays || row_bytes(from) * rows_of(from) >= policy_.least_bytes;
    }
    return pays && graph_[id].type.shape[0] == graph_[members_[first]].type.shape[0];
  }

  /// Ends the run of steps that is being collected, and cuts it into chains.
  constexpr void close() {
    for (std::size_t first = 0; first + 1 < members_.size();) {
      std::size_t count = members_.size() - first;
      while (count > 1 && !keep_if_it_pays(first, count)) --count;
      first += count;
    }
    members_.clear();
  }

  constexpr bool keep_if_it_pays(std::size_t first, std::size_t count) {
    ir::node_id const last = members_[first + count - 1];
    for (std::size_t i = first; i < first + count; ++i) {
      ir::node_id const id = members_[i];
      if (id != last && last_read_[index(id)] > last) return false;
      if (i > first && !goes_on(id, first)) return false;
    }
    if (weight_bytes(first, count) > policy_.weight_bytes || !find_needed(first, count))
      return false;
    tile_chain chain;
    chain.first = members_[first];
    chain.last = last;
    chain.images = true;
    chain.matrices = graph_[last].type.shape[0];
    chain.rows = rows_of(last);
    std::int64_t const most = most_rows(first, count);
    if (most < 1) return false;
    std::int64_t const bands = (chain.rows + most - 1) / most;
    chain.tile = policy_.rows > 0 ? most : (chain.rows + bands - 1) / bands;
    if (bands * chain.matrices < 2) return false;
    found_.push_back(chain);
    return true;
  }

  constexpr std::int64_t weight_bytes(std::size_t first, std::size_t count) const {
    std::int64_t bytes = 0;
    for (std::size_t i = first; i < first + count; ++i) {
      ir::node const& n = graph_[members_[i]];
      for (int k = 1; k < ir::own_operands(graph_, n) && !ir::is(n, ir::fused_op); ++k)
        bytes += graph_[graph_.inputs_of(n)[index(k)]].type.bytes();
    }
    return bytes;
  }

  /// From the last member to the first; false where two ways through the chain differ in strides.
  constexpr bool find_needed(std::size_t first, std::size_t count) {
    for (std::size_t i = first; i < first + count; ++i) needed_[index(members_[i])] = {};
    needed_[index(members_[first + count - 1])] = {1, 0, 0};
    for (std::size_t i = first + count; i-- > first;) {
      ir::node const& n = graph_[members_[i]];
      image_rows const own = needed_[index(members_[i])];
      if (own.each == 0) return false;  // read by nobody
      row_window const w = row_window_of(graph_, n, kernels_[index(members_[i])]);
      for (int k = 0; k < n.inputs.count; ++k) {
        int const from = buffer_[index(graph_.inputs_of(n)[index(k)])];
        if (from < 0 || !is_member(from, first)) continue;
        image_rows const rows = k == 0 ? own.under(w.stride, w.pad, w.reach) : own;
        image_rows& all = needed_[index(from)];
        if (all.each != 0 && all.each != rows.each) return false;
        all.each = rows.each;
        if (rows.before > all.before) all.before = rows.before;
        if (rows.behind > all.behind) all.behind = rows.behind;
      }
    }
    return true;
  }

  /// Rows of the last image whose band of all values fits; less than 1 where there are none.
  constexpr std::int64_t most_rows(std::size_t first, std::size_t count) const {
    std::int64_t const rows = rows_of(members_[first + count - 1]);
    std::int64_t with_each = 0, once = 0;
    for (std::size_t i = first; i + 1 < first + count; ++i) {
      image_rows const& of = needed_[index(members_[i])];
      std::int64_t const bytes = row_bytes(members_[i]);
      with_each += of.each * bytes;
      once += (1 + of.before + of.behind - of.each) * bytes;
    }
    std::int64_t most = policy_.rows > 0 ? policy_.rows : (policy_.band_bytes - once) / with_each;
    return most < rows ? most : rows;
  }

  ir::graph const& graph_;
  band_policy const& policy_;
  core::list<ir::op_key> const& kernels_;
  core::list<int> const& buffer_;
  core::list<int> const& last_read_;
  core::list<image_rows> needed_;
  core::list<tile_chain> found_;
  core::list<int> members_;
};

}  // namespace etch::plan
