#pragma once

#include <type_traits>

#include "etch/kernels/look_ahead.hpp"
#include "etch/kernels/multiply_add.hpp"
#include "etch/kernels/share.hpp"
#include "etch/kernels/tile_blocks.hpp"
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
  bool whole_panels;           // the last panel may be read to its end
  long run = k;                // the k elements of a row lie in runs of so many,
  long jump = 0;               // whose starts lie so far apart,
  long b_jump = run * b.step;  // those of b so far
  long a_step = 1;             // from one element of a row to the next
  bool bias_of_rows = false;   // bias[m] and not bias[n]
  bool own_columns = false;    // a and bias have n numbers, side by side, where they would have one
  register_tile tile{0, 0, 0};  // instead of the cheapest one
};

struct tile_limits {
  int rows, panels;
};

/// How large the tile of a product may be. A single row of a matrix as it lies in memory is best
/// read along its rows.
template <class T>
constexpr tile_limits product_tile_limits(product_shape s) {
  return {most_rows(s.lda * static_cast<long>(sizeof(T))),
          s.b.panel == simd::lanes_v<T> && s.m == 1 ? 24 : 8};
}

template <class T, class Arch>
constexpr register_tile product_tile_of(product_shape s) {
  constexpr long lanes = simd::lanes_v<T>;
  if (s.tile.rows > 0) return s.tile;
  tile_limits const most = product_tile_limits<T>(s);
  return choose_tile<Arch>(s.m, (s.n + lanes - 1) / lanes, s.k, s.split, most.rows, most.panels);
}

/// Rows of a tile that leaves room in the registers for all of its one panel, which is then loaded
/// once and not for each tile; 0 where the panel is too long for that.
template <class T, class Arch>
constexpr int rows_beside_panel(product_shape s) {
  constexpr int per_pack = registers_per_pack<Arch>;
  if (s.n > simd::lanes_v<T> || s.run != s.k || s.own_columns || s.tile.rows > 0) return 0;
  long const rows = (register_file<Arch> - 1 - s.k * per_pack) / (s.split * per_pack);
  long const most = product_tile_limits<T>(s).rows;
  return s.m >= 2 * rows && rows * s.split >= 8 ? static_cast<int>(rows < most ? rows : most) : 0;
}

namespace detail {

/// sums[0] = the fixed tree over all: (0 + 1) + (2 + 3) ... Loops over chains are calls here: gcc
/// 12 keeps loops whose step is a variable, and with them the sums in memory.
template <int Width = 1, int Chain = 0, class T, class Arch, int C, int R, int P>
ETCH_INLINE void add_chains(simd::pack<T, Arch> (&sums)[C][R][P]) noexcept {
  if constexpr (Chain + Width < C) {
    ETCH_UNROLL for (int r = 0; r < R; ++r) {
      ETCH_UNROLL for (int p = 0; p < P; ++p) {
        sums[Chain][r][p] = sums[Chain][r][p] + sums[Chain + Width][r][p];
      }
    }
    add_chains<Width, Chain + 2 * Width>(sums);
  } else if constexpr (2 * Width < C) {
    add_chains<2 * Width>(sums);
  }
}

/// The first chain starts from the bias of the tile at (row, panel), the others from 0.
template <product_shape S, class T, class Arch, int C, int R, int P>
ETCH_INLINE void start_chains(T const* bias, long row, long panel,
                              simd::pack<T, Arch> (&sums)[C][R][P]) noexcept {
  constexpr long lanes = simd::lanes_v<T>;
  constexpr long each = S.own_columns ? S.n : 1;  // numbers for an element of a
  if constexpr (S.bias_of_rows)
    start_rows<S.bias, each>(bias + row * each + (S.own_columns ? panel * lanes : 0), sums[0]);
  else
    start_sums<S.bias>(bias + panel * lanes, sums[0]);
  ETCH_UNROLL for (int c = 1; c < C; ++c) { start_sums<false>(bias, sums[c]); }
}

/// R rows from `row` times the P panels at b, which are the panels from `panel` of the product.
template <product_shape S, int Valid, int R, int P, class Arch, class T, class Sink, class Ahead>
ETCH_INLINE void product_tile(T const* a, T const* b, T const* bias, long row, long panel,
                              Sink& sink, Ahead& ahead) noexcept {
  using pack = simd::pack<T, Arch>;
  constexpr long lanes = simd::lanes_v<T>;
  constexpr row_grid rows{R, 0, S.lda, S.own_columns};
  constexpr bool at_once =
      fits_registers({R, P, S.split}, registers_per_pack<Arch>, register_file<Arch>);
  a += row * S.lda + (S.own_columns ? panel * lanes : 0);
  pack sums[S.split][R][P];
  start_chains<S>(bias, row, panel, sums);
  for (int r = 0; r < R; ++r) expect_row<is_far<T>(S.m * S.n), T, P>(sink, row + r, panel * lanes);

  if constexpr (at_once) {
    for (long run = 0; run < S.k; run += S.run, a += S.jump, b += S.b_jump) {
      for (long k = 0; k + S.split <= S.run; k += S.split) {
        ahead();
        ETCH_UNROLL for (int c = 0; c < S.split; ++c) {
          multiply_add<rows, S.b, Valid>(a + (k + c) * S.a_step, b + (k + c) * S.b.step, sums[c]);
        }
      }
      constexpr long done = S.run - S.run % S.split;
      ETCH_UNROLL for (int c = 0; c < S.run % S.split; ++c) {
        multiply_add<rows, S.b, Valid>(a + (done + c) * S.a_step, b + (done + c) * S.b.step,
                                       sums[c]);
      }
    }
  } else {
    for (int c = 0; c < S.split; ++c) {
      pack chain[R][P];
      ETCH_UNROLL for (int r = 0; r < R; ++r) {
        ETCH_UNROLL for (int p = 0; p < P; ++p) { chain[r][p] = sums[c][r][p]; }
      }
      T const *x = a, *factor = b;
      for (long run = 0; run < S.k; run += S.run, x += S.jump, factor += S.b_jump) {
        for (long k = c; k < S.run; k += S.split) {
          ahead();
          multiply_add<rows, S.b, Valid>(x + k * S.a_step, factor + k * S.b.step, chain);
        }
      }
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

/// tile(length as a constant, start) for the pieces [first, last) of a line.
template <even_pieces Pieces, class Tile>
ETCH_INLINE void each_piece(long first, long last, Tile const& tile) noexcept {
  constexpr int length = static_cast<int>(Pieces.length);
  long piece = first;
  if constexpr (Pieces.longer > 0)
    for (; piece < last && piece < Pieces.longer; ++piece)
      tile(std::integral_constant<int, length + 1>{}, Pieces.start(piece));
  if constexpr (Pieces.longer < Pieces.pieces)
    for (; piece < last; ++piece) tile(std::integral_constant<int, length>{}, Pieces.start(piece));
}

/// R rows from `row` times a panel in registers.
template <product_shape S, int R, class Arch, class T, class Sink>
ETCH_INLINE void held_tile(T const* a, simd::pack<T, Arch> const (&held)[S.k], T const* bias,
                           long row, Sink& sink) noexcept {
  using pack = simd::pack<T, Arch>;
  pack sums[S.split][R][1];
  start_chains<S>(bias, row, 0, sums);
  a += row * S.lda;
  ETCH_UNROLL for (int k = 0; k < S.k; ++k) {
    ETCH_UNROLL for (int r = 0; r < R; ++r) {
      pack& sum = sums[k % S.split][r][0];
      sum = fma(pack(a[r * S.lda + k * S.a_step]), held[k], sum);
    }
  }
  add_chains(sums);
  ETCH_UNROLL for (int r = 0; r < R; ++r) {
    sink_row<S.n % simd::lanes_v<T>>(sink, row + r, 0, true, sums[0][r]);
  }
}

/// All row tiles of the pieces [first, last) for the one panel at b.
template <product_shape S, even_pieces Down, int Valid, class Arch, class T, class Sink>
ETCH_INLINE void held_panel_rows(T const* a, T const* b, T const* bias, long first, long last,
                                 Sink& sink) noexcept {
  simd::pack<T, Arch> held[S.k];
  ETCH_UNROLL for (int k = 0; k < S.k; ++k) {
    held[k] = load_factor<T, Valid, 1, Arch, 2>(b + k * S.b.step, 0);
  }
  each_piece<Down>(first, last,
                   [&]<int R>(std::integral_constant<int, R>, long row)
                       ETCH_INLINE_LAMBDA { held_tile<S, R, Arch>(a, held, bias, row, sink); });
}

/// All row tiles of the pieces [first, last) for the P panels at b.
template <product_shape S, even_pieces Down, int P, int Valid, class Arch, class T, class Sink>
ETCH_INLINE void product_rows(T const* a, T const* b, T const* bias, long first, long last,
                              long panel, Sink& sink) noexcept {
  constexpr long panel_bytes = S.b.panel * static_cast<long>(sizeof(T));
  constexpr bool far = S.b.step == simd::lanes_v<T> && Down.pieces > 1 && is_far<T>(S.n * S.k);
  auto ahead = look_ahead_of<far>(b + P * S.b.panel, P * panel_bytes,
                                  (last - first) * ((S.k + S.split - 1) / S.split));
  auto const tile = [&]<int R>(std::integral_constant<int, R>, long row) ETCH_INLINE_LAMBDA {
    constexpr bool far_rows = is_far<T>(S.m * S.k) && S.lda == S.k && S.run == S.k;
    auto&& both = look_ahead_beside<far_rows, R * S.split* static_cast<long>(sizeof(T))>(
        ahead, a + (row + R) * S.lda);
    product_tile<S, Valid, R, P, Arch>(a, b, bias, row, panel, sink, both);
  };
  each_piece<Down>(first, last, tile);
}

/// The rows [row, rows) for the P panels at b: in tiles of R rows, then in tiles of half as many.
template <product_shape S, int R, int P, int Valid, class Arch, class T, class Sink>
ETCH_INLINE void product_leading_rows(T const* a, T const* b, T const* bias, long row, long rows,
                                      long panel, Sink& sink) noexcept {
  auto ahead = look_ahead_of<false>(b, 0, 1);
  for (; row + R <= rows; row += R)
    product_tile<S, Valid, R, P, Arch>(a, b, bias, row, panel, sink, ahead);
  if constexpr (R > 1)
    product_leading_rows<S, R / 2, P, Valid, Arch>(a, b, bias, row, rows, panel, sink);
}

/// to[p][k][lane] = the P panels at b, whose last one has `Valid` lanes.
template <product_shape S, int P, int Valid, class Arch, class T>
ETCH_INLINE void copy_panels(T const* b, T* to) noexcept {
  constexpr long lanes = simd::lanes_v<T>;
  for (long k = 0; k < S.k; ++k) {
    ETCH_UNROLL for (int p = 0; p < P; ++p) {
      load_factor<T, Valid, P, Arch, 1>(b + k * S.b.step + p * S.b.panel, p)
          .store(to + (p * S.k + k) * lanes);
    }
  }
}

/// As product_rows, by way of `scratch` if there is one.
template <product_shape S, even_pieces Down, int P, int Valid, bool Repack, class Arch, class T,
          class Sink>
ETCH_INLINE void product_panels(T const* a, T const* b, T const* bias, [[maybe_unused]] T* scratch,
                                long first, long last, long panel, Sink& sink) noexcept {
  constexpr int lanes = simd::lanes_v<T>;
  if constexpr (Repack) {
    constexpr product_shape packed{S.m, S.n, S.k, S.lda, S.split, S.bias, {lanes, S.k * lanes},
                                   true};
    copy_panels<S, P, Valid, Arch>(b + panel * S.b.panel, scratch);
    product_rows<packed, Down, P, lanes, Arch>(a, static_cast<T const*>(scratch), bias, first, last,
                                               panel, sink);
  } else if constexpr (rows_beside_panel<T, Arch>(S) > 0) {
    held_panel_rows<S, Down, Valid, Arch>(a, b, bias, first, last, sink);
  } else {
    product_rows<S, Down, P, Valid, Arch>(a, b + panel * S.b.panel, bias, first, last, panel, sink);
  }
}

/// How the panels of a product are cut into tiles; the last panel may have a tile of its own.
template <class T, product_shape S, class Arch>
struct product_columns {
  static constexpr long lanes = simd::lanes_v<T>;
  static constexpr long panels = (S.n + lanes - 1) / lanes;
  static constexpr even_pieces pieces{panels, product_tile_of<T, Arch>(S).panels};
  static constexpr int wide = static_cast<int>(pieces.length);
  static constexpr int valid = S.whole_panels ? lanes : S.n - (panels - 1) * lanes;
  static constexpr long full = valid == lanes ? pieces.pieces : pieces.pieces - 1;

  /// Calls tile(panels, valid lanes of the last one, first panel) for each tile of `mine`, the
  /// first two as constants.
  template <class Tile>
  static ETCH_INLINE void each(interval mine, Tile const& tile) noexcept {
    long piece = mine.begin;
    if constexpr (pieces.longer > 0)
      for (; piece < full && piece < mine.end && piece < pieces.longer; ++piece)
        tile(std::integral_constant<int, wide + 1>{}, std::integral_constant<int, lanes>{},
             pieces.start(piece));
    for (; piece < full && piece < mine.end; ++piece)
      tile(std::integral_constant<int, wide>{}, std::integral_constant<int, lanes>{},
           pieces.start(piece));
    if constexpr (valid < lanes)
      if (mine.holds(full))
        tile(std::integral_constant<int, wide>{}, std::integral_constant<int, valid>{},
             pieces.start(full));
  }
};

}  // namespace detail

/// Every tile of the product: the panels one after another, each read once for a block of rows
/// that stays in the cache. With Repack the panels of a tile are first copied to `scratch`, room
/// for product_tile_of(S).panels * k * lanes elements.
template <class T, product_shape S, class Arch, bool Repack = false, class Sink,
          class Share = whole>
ETCH_INLINE void product(T const* a, T const* b, T const* bias, Sink& sink, T* scratch = nullptr,
                         Share share = {}) noexcept {
  static_assert(S.run == S.k || S.run % S.split == 0,
                "etch: product: the chains do not divide the runs of k");
  using columns = detail::product_columns<T, S, Arch>;
  constexpr int held_rows = Repack ? 0 : rows_beside_panel<T, Arch>(S);
  constexpr int tile_rows = held_rows > 0 ? held_rows : product_tile_of<T, Arch>(S).rows;
  constexpr even_pieces down(S.m, tile_rows);
  constexpr even_pieces across = columns::pieces;
  constexpr long block =
      tiles_in_cache(down.pieces, tile_rows * S.k * static_cast<long>(sizeof(T)));
  constexpr product_grid grid{S.m, S.n, S.k, down.pieces, across.pieces};
  for_each_block<grid>(share, [&](interval rows, interval mine) ETCH_INLINE_LAMBDA {
    for (long first = rows.begin; first < rows.end; first += block) {
      long const last = first + block < rows.end ? first + block : rows.end;
      columns::each(mine, [&](auto count, auto valid, long panel) ETCH_INLINE_LAMBDA {
        detail::product_panels<S, down, count(), valid(), Repack, Arch>(a, b, bias, scratch, first,
                                                                        last, panel, sink);
      });
    }
  });
}

/// A product whose number of rows is known in the call: each panel is read once for all of them.
template <class T, product_shape S, class Arch, class Sink, class Share = whole>
ETCH_INLINE void leading_product(T const* a, T const* b, T const* bias, long rows, Sink& sink,
                                 Share share = {}) noexcept {
  using columns = detail::product_columns<T, S, Arch>;
  constexpr long across = columns::pieces.pieces;
  constexpr int tile_rows = product_tile_of<T, Arch>(S).rows;
  constexpr long block = tile_rows * tiles_in_cache((S.m + tile_rows - 1) / tile_rows,
                                                    tile_rows * S.k * static_cast<long>(sizeof(T)));
  interval own{0, rows}, mine{0, across};
  if constexpr (!std::is_same_v<Share, whole>) {
    long const down = (rows + tile_rows - 1) / tile_rows;
    if ((rows <= S.n && across >= 4) || across >= down) {
      mine = share.of(across);
    } else {
      interval const tiles = share.of(down);
      own = {tiles.begin * tile_rows, tiles.end < down ? tiles.end * tile_rows : rows};
    }
  }
  for (long first = own.begin; first < own.end; first += block) {
    long const last = first + block < own.end ? first + block : own.end;
    columns::each(mine, [&](auto count, auto valid, long panel) ETCH_INLINE_LAMBDA {
      detail::product_leading_rows<S, tile_rows, count(), valid(), Arch>(
          a, b + panel * S.b.panel, bias, first, last, panel, sink);
    });
  }
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
