#pragma once

#include "etch/kernels/register_tile.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

/// Where the rows of a tile lie: row r at (r / columns) * row_stride + (r % columns) * stride.
struct row_grid {
  int columns;
  long row_stride;
  long stride;
  bool own = false;  // a row has a number for each column of the result, side by side, not one

  constexpr long operator()(int r) const {
    return (r / columns) * row_stride + (r % columns) * stride;
  }
};

/// Where the packs of the second factor lie: step k of panel p at k * step + p * panel.
struct panel_grid {
  long step;
  long panel;
};

namespace detail {

/// The factor of panel p for R rows; of the last panel only `Valid` lanes may be read.
template <class T, int Valid, int P, class Arch, int R>
ETCH_INLINE simd::pack<T, Arch> load_factor(T const* from, int p) noexcept {
  using pack = simd::pack<T, Arch>;
  if constexpr (Valid < simd::lanes_v<T>) {
    if (p == P - 1) return pack::load_partial(from, Valid);
  }
  if constexpr (R == 1)
    return pack::load(from);  // as an operand of its one multiply-add
  else
    return in_registers(pack::load(from));
}

}  // namespace detail

/// sums[r][p] = fma(a[r], b[p], sums[r][p]): one step of k for a whole tile; a[r][p] where rows
/// have a number for each column.
template <row_grid Rows, panel_grid Panels, int Valid, class T, class Arch, int R, int P>
ETCH_INLINE void multiply_add(T const* a, T const* b, simd::pack<T, Arch> (&sums)[R][P]) noexcept {
  using pack = simd::pack<T, Arch>;
  if constexpr (Rows.own) {
    ETCH_UNROLL for (int p = 0; p < P; ++p) {
      pack const factor = detail::load_factor<T, Valid, P, Arch, R>(b + p * Panels.panel, p);
      ETCH_UNROLL for (int r = 0; r < R; ++r) {
        pack const x = pack::load(a + Rows(r) + p * simd::lanes_v<T>);
        sums[r][p] = fma(x, factor, sums[r][p]);
      }
    }
  } else if constexpr (P * registers_per_pack<Arch> <= R) {
    pack factor[P];
    ETCH_UNROLL for (int p = 0; p < P; ++p) {
      factor[p] = detail::load_factor<T, Valid, P, Arch, R>(b + p * Panels.panel, p);
    }
    ETCH_UNROLL for (int r = 0; r < R; ++r) {
      pack const x(a[Rows(r)]);
      ETCH_UNROLL for (int p = 0; p < P; ++p) { sums[r][p] = fma(x, factor[p], sums[r][p]); }
    }
  } else {
    pack x[R];
    ETCH_UNROLL for (int r = 0; r < R; ++r) { x[r] = pack(a[Rows(r)]); }
    ETCH_UNROLL for (int p = 0; p < P; ++p) {
      pack const factor = detail::load_factor<T, Valid, P, Arch, R>(b + p * Panels.panel, p);
      ETCH_UNROLL for (int r = 0; r < R; ++r) { sums[r][p] = fma(x[r], factor, sums[r][p]); }
    }
  }
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
