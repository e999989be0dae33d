#pragma once

#include <type_traits>

#include "etch/kernels/simd/pack.hpp"

// The local arrays of packs of a kernel become registers only when the loops over them vanish.
#if defined(__clang__)
#define ETCH_UNROLL _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__)
#define ETCH_UNROLL _Pragma("GCC unroll 64")
#else
#define ETCH_UNROLL
#endif

namespace etch::kernels {
inline namespace ETCH_ISA {

/// Vector registers that one pack takes.
template <class Arch>
inline constexpr int registers_per_pack = std::is_same_v<Arch, simd::arch_t<isa::avx512>> ? 1
                                          : std::is_same_v<Arch, simd::arch_t<isa::avx2>> ? 2
                                                                                          : 4;

/// Vector registers of the machine.
template <class Arch>
inline constexpr int register_file = std::is_same_v<Arch, simd::arch_t<isa::avx512>> ||
                                             std::is_same_v<Arch, simd::arch_t<isa::neon64>>
                                         ? 32
                                         : 16;

/// A block of the output whose sums stay in registers: rows x panels packs, `chains` sums each.
struct register_tile {
  int rows;
  int panels;
  int chains;
};

/// A line of n cut into equal pieces of at most `most`; the first n % pieces are one longer.
struct even_pieces {
  long pieces;
  long length;  // of the shorter ones
  long longer;  // how many have length + 1

  constexpr even_pieces(long n, long most)
      : pieces((n + most - 1) / most), length(n / pieces), longer(n % pieces) {}

  constexpr long start(long piece) const {
    return piece * length + (piece < longer ? piece : longer);
  }
};

namespace detail {

/// Hundredths of a cycle that a tile takes for one of k steps, on a core with two multiply-adds and
/// two loads a cycle, a latency of four, and panels that come from the second cache at 32 bytes a
/// cycle when they are longer than the first. A model, so that the choice follows from the shape.
constexpr long step_cost(long rows, long panels, long chains, long k, long per_pack) {
  long const multiply = 50 * rows * panels * per_pack;
  long const load = 50 * (rows + panels * per_pack);
  long const latency = 400 / chains;
  long const stream = panels * k * 64 > 24 * 1024 ? 200 * panels : 0;
  long longest = multiply > load ? multiply : load;
  longest = longest > latency ? longest : latency;
  return (longest > stream ? longest : stream) + stream / 4;
}

constexpr bool fits_registers(register_tile t, int per_pack, int file) {
  int const sums = t.rows * t.panels * t.chains * per_pack;
  int const hold_panels = t.panels * per_pack + 1;
  int const hold_rows = t.rows + 1;
  return sums + (hold_panels < hold_rows ? hold_panels : hold_rows) < file;
}

constexpr long tiling_cost(long m, long panels, long k, register_tile t, int split, int per_pack) {
  even_pieces const down(m, t.rows);
  even_pieces const across(panels, t.panels);
  long sum = 0;
  for (int long_row = 0; long_row < 2; ++long_row) {
    long const tall = long_row ? down.longer : down.pieces - down.longer;
    for (int long_panel = 0; long_panel < 2; ++long_panel) {
      long const wide = long_panel ? across.longer : across.pieces - across.longer;
      if (tall == 0 || wide == 0) continue;
      long const rows = down.length + long_row;
      long const count = across.length + long_panel;
      long const spill = t.chains < split ? split * rows * count * per_pack * 100 : 0;
      long const start = 1000 + rows * count * per_pack * 100 + spill;
      sum += tall * wide * (k * step_cost(rows, count, t.chains, k, per_pack) + start);
    }
  }
  return sum;
}

}  // namespace detail

/// Rows that a tile may read at once when they lie so many bytes apart: rows whose distance is a
/// multiple of 4096 bytes share the sets of the first cache, which has 8 ways or more.
constexpr int most_rows(long stride_bytes) { return stride_bytes % 4096 == 0 ? 7 : 14; }

/// Tiles, each of which reads so many bytes, that stay in the second cache while the panels go
/// over them: `tiles` in equal blocks of about 512 KiB.
constexpr long tiles_in_cache(long tiles, long bytes) {
  long const most = bytes < 512 * 1024 ? 512 * 1024 / bytes : 1;
  long const blocks = (tiles + most / 2) / most;
  return blocks > 1 ? (tiles + blocks - 1) / blocks : tiles;
}

/// The cheapest tile for an m x panels block of packs and k steps, each sum split into `split`
/// chains. The tile has all chains in registers, or one (then the chains run one after another).
/// The order of the arithmetic is the same for every tile; only the speed differs.
template <class Arch>
constexpr register_tile choose_tile(long m, long panels, long k, int split, int rows_limit,
                                    int panels_limit) {
  constexpr int per_pack = registers_per_pack<Arch>;
  register_tile best{1, 1, 1};
  long best_cost = detail::tiling_cost(m, panels, k, best, split, per_pack);
  for (int rows = 1; rows <= rows_limit && rows <= m; ++rows) {
    for (int count = 1; count <= panels_limit && count <= panels; ++count) {
      for (int chains : {1, split}) {
        register_tile const t{rows, count, chains};
        if (!detail::fits_registers(t, per_pack, register_file<Arch>)) continue;
        long const cost = detail::tiling_cost(m, panels, k, t, split, per_pack);
        if (cost < best_cost) {
          best = t;
          best_cost = cost;
        }
      }
    }
  }
  return best;
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
