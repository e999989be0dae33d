#pragma once

#include <type_traits>

#include "etch/kernels/share.hpp"

namespace etch::kernels {

/// A rectangle of a grid of tiles.
struct tile_block {
  interval rows, columns;
};

/// Up to three of them.
struct tile_blocks {
  tile_block blocks[3]{};
  int count = 0;

  ETCH_INLINE constexpr void add(interval rows, interval columns) noexcept {
    if (rows.begin < rows.end && columns.begin < columns.end) blocks[count++] = {rows, columns};
  }
  ETCH_INLINE constexpr tile_block const* begin() const noexcept { return blocks; }
  ETCH_INLINE constexpr tile_block const* end() const noexcept { return blocks + count; }
};

/// The tiles `mine` of a grid of so many columns, counted row by row: the rest of a row, whole
/// rows, the beginning of a row.
ETCH_INLINE constexpr tile_blocks blocks_of_tiles(interval mine, long columns) noexcept {
  tile_blocks found;
  long row = mine.begin / columns;
  long const last = mine.end / columns;
  long const from = mine.begin % columns, to = mine.end % columns;
  if (row == last) {
    found.add({row, row + 1}, {from, to});
    return found;
  }
  if (from > 0) {
    found.add({row, row + 1}, {from, columns});
    ++row;
  }
  found.add({row, last}, {0, columns});
  found.add({last, last + 1}, {0, to});
  return found;
}

/// How a product is cut: m rows of k elements with k x n, in down x across tiles.
struct product_grid {
  long m, n, k, down, across;

  /// Threads that have rows of it find the elements of these rows, and leave the results, where the
  /// steps before and behind do the same rows; but each of them reads all of k x n. Threads that
  /// have columns read the least, though from each other: what comes from another core costs some
  /// three times what is read ahead.
  ETCH_INLINE constexpr bool share_rows(long parts) const noexcept {
    return down > 1 && k * n * parts <= 6 * m * (k + n);
  }
  ETCH_INLINE constexpr bool share_columns() const noexcept {
    return (m <= n && across >= 4) || across >= down;
  }
};

/// Calls run(rows, columns) for the tiles of a share.
template <product_grid G, class Share, class Run>
ETCH_INLINE void for_each_block(Share share, Run const& run) noexcept {
  constexpr interval rows{0, G.down}, columns{0, G.across};
  if constexpr (std::is_same_v<Share, whole>) {
    run(rows, columns);
  } else {
    tile_blocks mine;
    if (G.share_rows(share.parts))
      mine = blocks_of_tiles(share.of(G.down * G.across), G.across);
    else if (G.share_columns())
      mine.add(rows, share.of(G.across));
    else
      mine.add(share.of(G.down), columns);
    for (tile_block const& each : mine) run(each.rows, each.columns);
  }
}

}  // namespace etch::kernels
