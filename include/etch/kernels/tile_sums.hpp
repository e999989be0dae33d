#pragma once

#include "etch/kernels/register_tile.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

/// sums[r][p] = bias[p], or 0.
template <bool Bias, class T, class Arch, int R, int P>
ETCH_INLINE void start_sums(T const* bias, simd::pack<T, Arch> (&sums)[R][P]) noexcept {
  using pack = simd::pack<T, Arch>;
  ETCH_UNROLL for (int p = 0; p < P; ++p) {
    pack first(T(0));
    if constexpr (Bias) first = pack::load(bias + p * simd::lanes_v<T>);
    ETCH_UNROLL for (int r = 0; r < R; ++r) { sums[r][p] = first; }
  }
}

/// sums[r][p] = bias[r], or bias[r][p] where each row has several, or 0.
template <bool Bias, long Each, class T, class Arch, int R, int P>
ETCH_INLINE void start_rows(T const* bias, simd::pack<T, Arch> (&sums)[R][P]) noexcept {
  using pack = simd::pack<T, Arch>;
  ETCH_UNROLL for (int r = 0; r < R; ++r) {
    ETCH_UNROLL for (int p = 0; p < P; ++p) {
      if constexpr (!Bias)
        sums[r][p] = pack(T(0));
      else if constexpr (Each > 1)
        sums[r][p] = pack::load(bias + r * Each + p * simd::lanes_v<T>);
      else
        sums[r][p] = pack(bias[r]);
    }
  }
}

/// Hands one row of packs to the sink, from column `col` on; `last` says that the row ends the
/// output, where only `Tail` lanes of the last panel count (0: all of them).
template <int Tail, class T, class Arch, int P, class Sink>
ETCH_INLINE void sink_row(Sink& sink, long row, long col, bool last,
                          simd::pack<T, Arch> const (&sums)[P]) noexcept {
  constexpr long lanes = simd::lanes_v<T>;
  ETCH_UNROLL for (int p = 0; p + 1 < P; ++p) { sink(row, col + p * lanes, sums[p]); }
  if constexpr (Tail != 0) {
    if (last) {
      sink(row, col + (P - 1) * lanes, sums[P - 1], Tail);
      return;
    }
  }
  sink(row, col + (P - 1) * lanes, sums[P - 1]);
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
