#pragma once

#include <etch/ir/builtin.hpp>
#include <etch/ops/cast.hpp>
#include <etch/ops/structured_ops.hpp>
#include <etch/passes/row_view.hpp>
#include <etch/plan/numerics.hpp>
#include <etch/plan/winograd_choice.hpp>

namespace etch::plan {

/// The kernel that computes a node, by the name under which `lower` knows it. "reference" is the
/// operator's own plain loop: correct for everything, fast for nothing.
constexpr ir::op_key kernel_of(ir::graph const& g, ir::node const& n,
                               core::list<bool> const& at_load, numerics precision) {
  using passes::detail::is_any;
  auto const known = [&](int operand) {
    return at_load[static_cast<std::size_t>(g.inputs_of(n)[static_cast<std::size_t>(operand)])];
  };
  bool const real = n.type.dtype == dtype::f32 || n.type.dtype == dtype::f64;
  if (ir::is(n, ir::fused_op)) return "elementwise";
  int const own = ir::own_operands(g, n);
  if (real && is_any<ops::linear>(n) && known(1) && (own < 3 || known(2))) return "gemm";
  if (real && is_any<ops::lane_linear>(n)) return "lane_gemm";
  if (real && is_any<ops::lane_conv2d>(n)) return "lane_conv2d";
  if (real && is_any<ops::matmul>(n)) return "matmul";
  if (real && is_any<ops::conv2d>(n)) {
    auto const a = core::from_words<ops::conv2d::attrs>(g.words_of(n));
    bool const bias_known = own < 3 || known(2);
    if (!a.channels_last || !known(1) || !bias_known) return "reference";
    ir::shape const& w = g[g.inputs_of(n)[1]].type.shape;
    if (precision == numerics::fast && winograd_pays(n.type.shape, w, a)) return "winograd";
    return w[1] == 1 && w[0] == a.groups ? ir::op_key("depthwise") : ir::op_key("conv2d");
  }
  if (real && is_any<ops::max_pool2d, ops::avg_pool2d>(n))
    return passes::view_of(g, n).rows > 0 ? ir::op_key("pool2d") : ir::op_key("reference");
  if (real && is_any<ops::softmax, ops::log_softmax>(n))
    return passes::view_of(g, n).rows > 0 ? ir::op_key("softmax") : ir::op_key("reference");
  if (real && is_any<ops::layer_norm>(n)) return "layer_norm";
  if (real && is_any<ops::rms_norm>(n)) return "rms_norm";
  if (real && is_any<ops::rotary_embedding>(n)) return "rotary";
  if (real && is_any<ops::attention, ops::cached_attention>(n)) return "attention";
  if (real && is_any<ops::cache_keys, ops::cache_values>(n)) return "cache_write";
  if (real &&
      is_any<ops::reduce_sum, ops::reduce_mean, ops::reduce_max, ops::reduce_min, ops::reduce_prod>(
          n))
    return passes::view_of(g, n).rows > 0 ? ir::op_key("reduce") : ir::op_key("reference");
  if (is_any<ops::transpose, ops::slice, ops::concat>(n)) return "copy";
  if (is_any<ops::slice_rows, ops::rows_like>(n)) return "rows";
  if (is_any<ops::pad>(n)) return "pad";
  if (is_any<ops::gather>(n) && core::from_words<ops::gather::attrs>(g.words_of(n)).axis == 0)
    return "gather";
  if (is_any<ops::cast>(n)) return "cast";
  return "reference";
}

/// Whether a kernel has a form for extents that a call decides.
constexpr bool can_lead(ir::op_key const& kernel) {
  for (ir::op_key const& each :
       {ir::op_key("elementwise"), ir::op_key("gemm"), ir::op_key("matmul"), ir::op_key("softmax"),
        ir::op_key("layer_norm"), ir::op_key("rms_norm"), ir::op_key("rotary"),
        ir::op_key("attention"), ir::op_key("reduce"), ir::op_key("gather"), ir::op_key("cast"),
        ir::op_key("copy"), ir::op_key("rows"), ir::op_key("pad"), ir::op_key("conv2d"),
        ir::op_key("depthwise"), ir::op_key("pool2d")})
    if (kernel == each) return true;
  return false;
}

}  // namespace etch::plan
