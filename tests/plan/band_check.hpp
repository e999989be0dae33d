#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <etch/plan/plan.hpp>

#include "passes/pass_test.hpp"

// What has to hold for bands of image rows: what a step reads of the chain is in the band.

namespace etch_test {

namespace plan = etch::plan;

namespace detail {

struct image_interval {
  std::int64_t begin, end;
};
inline image_interval rows_of_band(plan::tiling const& t, plan::location const& image,
                                   std::int64_t row) {
  std::int64_t const rows = image.type.shape[1];
  return {image.needed.begin(row, rows), image.needed.end(std::min(row + t.tile, t.rows), rows)};
}

/// The rows of operand i that row y of a node's result is made of; some may not exist.
inline std::vector<std::int64_t> rows_read(ir::graph const& g, ir::node const& n, int i,
                                           std::int64_t y) {
  std::int64_t stride = 1, pad = 0, taps = 1, dilation = 1;
  auto const pool = [&](auto const& a) {
    stride = a.stride_h;
    pad = a.pad_top;
    taps = a.kernel_h;
  };
  if (i == 0 && n.op == &ir::info_of<ops::conv2d>) {
    auto const a = etch::core::from_words<ops::conv2d::attrs>(g.words_of(n));
    stride = a.stride_h;
    pad = a.pad_top;
    taps = g[g.inputs_of(n)[1]].type.shape[2];
    dilation = a.dilation_h;
  } else if (i == 0 && n.op == &ir::info_of<ops::max_pool2d>) {
    pool(etch::core::from_words<ops::max_pool2d::attrs>(g.words_of(n)));
  } else if (i == 0 && n.op == &ir::info_of<ops::avg_pool2d>) {
    pool(etch::core::from_words<ops::avg_pool2d::attrs>(g.words_of(n)));
  }
  std::vector<std::int64_t> rows;
  for (std::int64_t k = 0; k < taps; ++k) rows.push_back(y * stride - pad + k * dilation);
  return rows;
}

inline void band_has_what_it_reads(ir::graph const& g, plan::plan const& p, plan::tiling const& t,
                                   plan::step const& s, std::int64_t row) {
  image_interval const made = rows_of_band(t, s.result, row);
  for (int i = 0; i < s.operands.count; ++i) {
    plan::location const& from = p.locations[static_cast<std::size_t>(s.operands.first + i)];
    if (from.place != plan::place::tile) continue;
    image_interval const there = rows_of_band(t, from, row);
    for (std::int64_t y = made.begin; y < made.end; ++y) {
      for (std::int64_t const read : rows_read(g, g[s.node], i, y)) {
        if (read < 0 || read >= from.type.shape[1]) continue;
        INFO("node " << s.node << ", operand " << i << ", row " << y << ", band at " << row);
        REQUIRE(there.begin <= read);
        REQUIRE(read < there.end);
      }
    }
  }
}

}  // namespace detail

/// Bytes of the rows of an image that the bands of a tiling keep.
inline std::int64_t bytes_of_band(plan::tiling const& t, plan::location const& image) {
  return image.row_bytes * image.needed.most(t.tile, image.type.shape[1]);
}

/// For each band: the rows of a step's result are made of rows that are there, and bands go on
/// from each other.
inline void bands_have_what_they_read(ir::graph const& g, plan::plan const& p) {
  for (plan::tiling const& t : p.tilings) {
    if (!t.images) continue;
    for (int i = t.first; i < t.first + t.count; ++i) {
      plan::step const& s = p.steps[static_cast<std::size_t>(i)];
      bool const last = i + 1 == t.first + t.count;
      REQUIRE(last == (s.result.place != plan::place::tile));
      REQUIRE(last <= (s.result.needed == plan::image_rows{1, 0, 0}));
      detail::image_interval before{0, 0};
      for (std::int64_t row = 0; row < t.rows; row += t.tile) {
        detail::image_interval const now = detail::rows_of_band(t, s.result, row);
        REQUIRE(now.end - now.begin <= s.result.needed.most(t.tile, s.result.type.shape[1]));
        REQUIRE(before.begin <= now.begin);
        REQUIRE(before.end <= now.end);
        detail::band_has_what_it_reads(g, p, t, s, row);
        before = now;
      }
    }
  }
}

}  // namespace etch_test
