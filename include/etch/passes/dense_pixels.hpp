#pragma once

#include <etch/ir/emit.hpp>
#include <etch/ir/rewriter.hpp>
#include <etch/ops/structured_ops.hpp>

namespace etch::passes {

/// Writes a convolution of single pixels whose stride skips some as one of a slice, which has only
/// those that it reads: then it is a product of rows that lie side by side. Only where the pixels
/// are so far apart that they share sets of the first cache; elsewhere the kernel reads them where
/// they are, which costs less than to copy them.
/// needs  channels last      keeps  types, names
/// numerics  exact
struct dense_pixels {
  static constexpr std::string_view name = "dense_pixels";

  constexpr ir::graph operator()(ir::graph const& before) const {
    ir::rewriter to(before);
    bool const has_dims = !before.in_call.elements.empty();  // what a call has is not sliced
    for (ir::node_id id = 0; id < before.size(); ++id) {
      ir::node_id const added = to.copy(id);
      if (!has_dims && skips_far_pixels(to.after, added)) to.put(id, of_slice(to.after, added));
    }
    return to.finish();
  }

 private:
  using attrs = ops::conv2d::attrs;

  /// Bytes between pixels that share sets of the first cache, or every second one does.
  static constexpr std::int64_t far = 2048;

  static constexpr bool skips_far_pixels(ir::graph const& g, ir::node_id id) {
    if (g[id].op != &ir::info_of<ops::conv2d>) return false;
    auto const a = g.attrs_of<attrs>(id);
    ir::shape const w = g[g.input(id, 1)].type.shape;
    bool const of_pixels = w[2] == 1 && w[3] == 1 && a.pad_top == 0 && a.pad_left == 0 &&
                           a.pad_bottom == 0 && a.pad_right == 0;
    if (!of_pixels || !a.channels_last || a.stride_w == 1 || a.groups != 1) return false;
    ir::tensor_type const& x = g[g.input(id, 0)].type;
    return a.stride_w * x.shape[3] * static_cast<std::int64_t>(size_of(x.dtype)) % far == 0;
  }

  static constexpr ir::node_id of_slice(ir::graph& g, ir::node_id id) {
    auto a = g.attrs_of<attrs>(id);
    ir::shape const from = g[g.input(id, 0)].type.shape, to = g[id].type.shape;
    core::list<ir::node_id> operands;
    for (int i = 0; i < g[id].inputs.count; ++i) operands.push_back(g.input(id, i));
    operands[0] = ir::emit<ops::slice>(g, {operands[0]},
                                       {.starts = {0, 0, 0, 0},
                                        .sizes = {from[0], to[1], to[2], from[3]},
                                        .steps = {1, a.stride_h, a.stride_w, 1}});
    a.stride_h = a.stride_w = 1;
    return ir::emit<ops::conv2d>(g, {operands.data(), operands.size()}, a);
  }
};

}  // namespace etch::passes
