#pragma once

#include <etch/kernels/attention_layout.hpp>
#include <etch/ops/cached_attention.hpp>

namespace etch::plan {

static_assert(ops::cache_lanes(dtype::f32) == kernels::pack_lanes<float> &&
                  ops::cache_lanes(dtype::f64) == kernels::pack_lanes<double>,
              "etch: plan: caches have other lanes than kernels");

/// What the kernel is told of q[rows, heads, width] and a cache of values
/// [kv_heads, capacity, width].
constexpr kernels::attention_shape cached_attention_shape(ir::shape const& q, ir::shape const& v,
                                                          etch::attention const& a) {
  return {.batch = 1,
          .rows = static_cast<long>(q[0]),
          .keys = static_cast<long>(v[1]),
          .heads = static_cast<long>(q[1]),
          .kv_heads = static_cast<long>(v[0]),
          .width = static_cast<long>(q[2]),
          .value_width = static_cast<long>(v[2]),
          .causal = true,
          .window = a.window,
          .cached = true,
          .scale = a.scale};
}

/// The same without a cache: q, k and the result as [batch, rows, heads, width] or without the
/// batch.
constexpr kernels::attention_shape attention_shape(ir::shape const& q, ir::shape const& k,
                                                   ir::shape const& y, ir::tensor_type const& mask,
                                                   bool has_mask, etch::attention const& a) {
  using kernels::attention_mask;
  int const r = q.rank;
  kernels::attention_shape s{.batch = r == 4 ? static_cast<long>(q[0]) : 1,
                             .rows = static_cast<long>(q[r - 3]),
                             .keys = static_cast<long>(k[r - 3]),
                             .heads = static_cast<long>(q[r - 2]),
                             .kv_heads = static_cast<long>(k[r - 2]),
                             .width = static_cast<long>(q[r - 1]),
                             .value_width = static_cast<long>(y[r - 1]),
                             .causal = a.causal,
                             .window = a.window,
                             .cached = false,
                             .scale = a.scale};
  if (has_mask) {
    s.mask = mask.dtype == dtype::bool_ ? attention_mask::boolean : attention_mask::additive;
    s.mask_batch = static_cast<long>(ops::attention::mask_stride(mask.shape, 0));
    s.mask_head = static_cast<long>(ops::attention::mask_stride(mask.shape, 1));
    s.mask_row = static_cast<long>(ops::attention::mask_stride(mask.shape, 2));
  }
  return s;
}

/// Elements of scratch that a step of attention takes.
constexpr std::int64_t attention_scratch(ir::graph const& g, ir::node const& n) {
  auto const a = core::from_words<etch::attention>(g.words_of(n));
  auto const shape_of = [&](int i) {
    return g[g.inputs_of(n)[static_cast<std::size_t>(i)]].type.shape;
  };
  kernels::attention_shape const s =
      n.op == &ir::info_of<ops::cached_attention>
          ? cached_attention_shape(shape_of(0), shape_of(2), a)
          : attention_shape(shape_of(0), shape_of(1), n.type.shape, {}, false, a);
  return n.type.dtype == dtype::f64 ? kernels::attention_scratch<double>(s)
                                    : kernels::attention_scratch<float>(s);
}

}  // namespace etch::plan
