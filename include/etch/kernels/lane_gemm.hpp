#pragma once

#include "etch/kernels/later_rows.hpp"
#include "etch/kernels/product.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

struct lane_gemm_shape {
  long rows, n, k;
  long lanes;  // instances side by side, in whole packs
  int split;   // chains of the sum over k
  bool bias;
  bool own;                    // each instance has weights of its own
  row_grid x{1, k* lanes, 0};  // where the rows of x begin,
  long run = k;                // whose k terms lie in runs of so many,
  long jump = run * lanes;     // whose starts lie so far apart
};

/// gemm for instances that lie side by side: y[r][o][l] = bias[o] + sum over k of w[o][k]
/// x[r][k][l], or with own weights bias[o][l] and w[o][k][l]. With runs that lie apart it is the
/// convolution of signals.
/// layout    x[rows][k][lanes]; w packed as gemm reads it, [panels][k][lanes_v], and
///           bias[panels * lanes_v], not read when S.bias is false; own weights are the same with
///           [lanes] as a last axis; y through the sink, whose row is r * n + o and whose column is
///           the instance
/// numerics  of each instance the bits of gemm with one row and as many chains, as of conv2d
/// source    as gemm, with the weights for the rows and the instances for the columns
template <class T, lane_gemm_shape S, class Arch = simd::default_arch, class Sink>
void lane_gemm(T const* x, T const* packed_w, T const* bias, Sink sink) noexcept {
  constexpr long side = simd::lanes_v<T>;
  constexpr long each = S.own ? S.lanes : 1;  // numbers for a weight
  static_assert(S.lanes % side == 0, "etch: lane_gemm: the instances are not in whole packs");
  constexpr auto panel_of = [](long outputs) {
    return product_shape{.m = outputs,
                         .n = S.lanes,
                         .k = S.k,
                         .lda = each,
                         .split = S.split,
                         .bias = S.bias,
                         .b = {S.lanes, side},
                         .whole_panels = true,
                         .run = S.run,
                         .jump = S.run * side * each,
                         .b_jump = S.jump,
                         .a_step = side * each,
                         .bias_of_rows = true,
                         .own_columns = S.own};
  };
  for (long row = 0; row < S.rows; ++row) {
    T const* const from = x + row / S.x.columns * S.x.row_stride + row % S.x.columns * S.x.stride;
    T const *w = packed_w, *b = bias;
    long o = 0;
    for (; o + side <= S.n; o += side, w += S.k * side * each, b += S.bias ? side * each : 0) {
      later_rows<Sink> to{sink, row * S.n + o};
      product<T, panel_of(side), Arch>(w, from, b, to);
    }
    if constexpr (S.n % side != 0) {
      later_rows<Sink> to{sink, row * S.n + o};
      product<T, panel_of(S.n % side), Arch>(w, from, b, to);
    }
  }
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
