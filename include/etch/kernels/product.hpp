#pragma once

#include "etch/kernels/multiply_add.hpp"
#include "etch/kernels/tile_sums.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

/// Chains that the sum over k is split into, for n outputs: enough independent sums to hide the
/// latency of fma when a single row is multiplied. It depends on (n, k) only, so that the order of
/// the arithmetic does too.
template <class T>
constexpr int product_split(long n, long k) noexcept {
  long const panels = (n + simd::lanes_v<T> - 1) / simd::lanes_v<T>;
  int split = panels >= 8 ? 1 : panels >= 4 ? 2 : panels >= 2 ? 4 : 8;
  while (split > 1 && k < 4 * split) split /= 2;
  return split;
}

/// A product of m rows of k elements with k x n; what gemm and matmul share.
struct product_shape {
  long m, n, k, lda;
  int split;
  bool bias;
  panel_grid b;
  bool whole_panels;  // the last panel may be read to its end
};

namespace detail {

/// sums[0] = the fixed tree over all: (0 + 1) + (2 + 3) ...
template <class T, class Arch, int C, int R, int P>
ETCH_INLINE void add_chains(simd::pack<T, Arch> (&sums)[C][R][P]) noexcept {
  ETCH_UNROLL for (int width = 1; width < C; width *= 2) {
    ETCH_UNROLL for (int c = 0; c + width < C; c += 2 * width) {
      ETCH_UNROLL for (int r = 0; r < R; ++r) {
        ETCH_UNROLL for (int p = 0; p < P; ++p) {
          sums[c][r][p] = sums[c][r][p] + sums[c + width][r][p];
        }
      }
    }
  }
}

template <product_shape S, int Valid, int R, int P, class Arch, class T, class Sink>
ETCH_INLINE void product_tile(T const* a, T const* b, T const* bias, long row, long panel,
                              Sink& sink) noexcept {
  using pack = simd::pack<T, Arch>;
  constexpr long lanes = simd::lanes_v<T>;
  constexpr row_grid rows{R, 0, S.lda};
  constexpr bool at_once =
      fits_registers({R, P, S.split}, registers_per_pack<Arch>, register_file<Arch>);
  a += row * S.lda;
  b += panel * S.b.panel;
  pack sums[S.split][R][P];
  start_sums<S.bias>(bias + panel * lanes, sums[0]);
  ETCH_UNROLL for (int c = 1; c < S.split; ++c) { start_sums<false>(bias, sums[c]); }

  if constexpr (at_once) {
    for (long k = 0; k + S.split <= S.k; k += S.split) {
      ETCH_UNROLL for (int c = 0; c < S.split; ++c) {
        multiply_add<rows, S.b, Valid>(a + k + c, b + (k + c) * S.b.step, sums[c]);
      }
    }
    constexpr long done = S.k - S.k % S.split;
    ETCH_UNROLL for (int c = 0; c < S.k % S.split; ++c) {
      multiply_add<rows, S.b, Valid>(a + done + c, b + (done + c) * S.b.step, sums[c]);
    }
  } else {
    for (int c = 0; c < S.split; ++c) {
      pack chain[R][P];
      ETCH_UNROLL for (int r = 0; r < R; ++r) {
        ETCH_UNROLL for (int p = 0; p < P; ++p) { chain[r][p] = sums[c][r][p]; }
      }
      for (long k = c; k < S.k; k += S.split)
        multiply_add<rows, S.b, Valid>(a + k, b + k * S.b.step, chain);
      ETCH_UNROLL for (int r = 0; r < R; ++r) {
        ETCH_UNROLL for (int p = 0; p < P; ++p) { sums[c][r][p] = chain[r][p]; }
      }
    }
  }
  add_chains(sums);
  bool const last = (panel + P) * lanes >= S.n;
  ETCH_UNROLL for (int r = 0; r < R; ++r) {
    sink_row<S.n % lanes>(sink, row + r, panel * lanes, last, sums[0][r]);
  }
}

/// All row tiles of the pieces [first, last) for P panels from `panel`.
template <product_shape S, even_pieces Down, int P, int Valid, class Arch, class T, class Sink>
ETCH_INLINE void product_rows(T const* a, T const* b, T const* bias, long first, long last,
                              long panel, Sink& sink) noexcept {
  constexpr int rows = static_cast<int>(Down.length);
  long piece = first;
  if constexpr (Down.longer > 0)
    for (; piece < last && piece < Down.longer; ++piece)
      product_tile<S, Valid, rows + 1, P, Arch>(a, b, bias, Down.start(piece), panel, sink);
  if constexpr (Down.longer < Down.pieces)
    for (; piece < last; ++piece)
      product_tile<S, Valid, rows, P, Arch>(a, b, bias, Down.start(piece), panel, sink);
}

}  // namespace detail

/// Every tile of the product: the panels one after another, each read once for a block of rows
/// that stays in the cache.
template <class T, product_shape S, class Arch, class Sink>
ETCH_INLINE void product(T const* a, T const* b, T const* bias, Sink& sink) noexcept {
  constexpr long lanes = simd::lanes_v<T>;
  constexpr long panels = (S.n + lanes - 1) / lanes;
  constexpr register_tile tile = choose_tile<Arch>(S.m, panels, S.k, S.split);
  constexpr even_pieces down(S.m, tile.rows);
  constexpr even_pieces across(panels, tile.panels);
  constexpr int wide = static_cast<int>(across.length);
  constexpr long row_bytes = tile.rows * S.k * static_cast<long>(sizeof(T));
  constexpr long block = row_bytes < 512 * 1024 ? 512 * 1024 / row_bytes : 1;
  constexpr int valid = S.whole_panels ? lanes : S.n - (panels - 1) * lanes;
  constexpr long whole = valid == lanes ? across.pieces : across.pieces - 1;

  for (long first = 0; first < down.pieces; first += block) {
    long const last = first + block < down.pieces ? first + block : down.pieces;
    long piece = 0;
    if constexpr (across.longer > 0)
      for (; piece < whole && piece < across.longer; ++piece)
        detail::product_rows<S, down, wide + 1, lanes, Arch>(a, b, bias, first, last,
                                                             across.start(piece), sink);
    for (; piece < whole; ++piece)
      detail::product_rows<S, down, wide, lanes, Arch>(a, b, bias, first, last, across.start(piece),
                                                       sink);
    if constexpr (valid < lanes)
      detail::product_rows<S, down, wide, valid, Arch>(a, b, bias, first, last, across.start(whole),
                                                       sink);
  }
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
