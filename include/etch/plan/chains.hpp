#pragma once

#include <cstdint>

#include <etch/plan/band_choice.hpp>
#include <etch/plan/plan.hpp>
#include <etch/plan/tile_choice.hpp>

namespace etch::plan {

/// The chains of a graph that run depth first, in order; bands of images go before other tiles.
struct chains {
  core::list<tile_chain> all;
  core::list<image_rows> needed;  ///< of each value in a band

  /// The arguments are those of tile_finder.
  constexpr chains(ir::graph const& g, tile_policy const& policy,
                   core::list<ir::op_key> const& kernels, core::list<int> const& buffer,
                   core::list<int> const& last_read, value_lengths const& in_use) {
    core::list<tile_chain> const rows =
        tile_finder(g, policy, kernels, buffer, last_read, in_use).find();
    core::list<tile_chain> bands;
    if (policy.on && policy.bands.on && in_use.axes.empty()) {
      band_finder finder(g, policy.bands, kernels, buffer, last_read);
      bands = finder.find();
      needed = finder.needed();
    }
    std::size_t next = 0;
    for (tile_chain const& each : rows) {
      for (; next < bands.size() && bands[next].first <= each.last; ++next)
        all.push_back(bands[next]);
      if (all.empty() || all.back().last < each.first) all.push_back(each);
    }
    for (; next < bands.size(); ++next) all.push_back(bands[next]);
  }
};

/// A value as the steps of a chain see it.
constexpr location in_tile(tile_chain const& chain, location whole, motion const& moves) {
  using kind = motion::kind;
  auto const element = static_cast<std::int64_t>(size_of(whole.type.dtype));
  if (moves.how == kind::stays) {
    int const rank = moves.rows > 0 ? 2 : 1;
    if (moves.cols > 0 && whole.type.rank() > rank)
      whole.type.shape = rank == 2 ? ir::shape(moves.rows, moves.cols) : ir::shape(moves.cols);
    return whole;
  }
  whole.length = -1;
  bool const by_matrix = moves.how == kind::by_matrix;
  whole.type.shape = ir::shape(by_matrix ? moves.rows : chain.tile, moves.cols);
  if (whole.place == place::tile) return whole;
  whole.row_bytes = by_matrix ? 0 : moves.cols * element;
  if (moves.how == kind::by_row) whole.matrix_bytes = chain.rows * moves.cols * element;
  if (by_matrix) whole.matrix_bytes = moves.rows * moves.cols * element;
  return whole;
}

/// One image of a batch, as the steps of a chain of images see it; `needed`: which rows they need.
constexpr location in_band(location whole, image_rows const& needed) {
  std::int64_t const images = whole.type.shape[0], bytes = whole.type.bytes();
  whole.type.shape[0] = 1;
  whole.needed = needed;
  if (whole.place == place::tile)
    whole.row_bytes = whole.type.bytes() / whole.type.shape[1];
  else if (images > 1)
    whole.matrix_bytes = bytes / images;
  return whole;
}

}  // namespace etch::plan
