#pragma once

#include <cstdint>

#include <etch/ir/graph.hpp>
#include <etch/kernels/winograd_layout.hpp>
#include <etch/ops/conv2d.hpp>

namespace etch::plan {

constexpr kernels::winograd_shape winograd_shape_of(ir::shape const& x, ir::shape const& y,
                                                    ops::conv2d::attrs const& a, bool bias) {
  auto const extent = [](std::int64_t n) { return static_cast<long>(n); };
  return {extent(x[0]), extent(x[1]), extent(x[2]), extent(x[3]), extent(y[1]),
          extent(y[2]), extent(y[3]), a.pad_top,    a.pad_left,   bias};
}

/// Whether Winograd's algorithm computes a convolution in clearly less time: both in cycles of a
/// core with 32 multiply-adds a cycle, whose second cache holds weights up to 1 MB and whose third
/// one delivers 8 bytes a cycle.
constexpr bool winograd_pays(ir::shape const& y, ir::shape const& w, ops::conv2d::attrs const& a) {
  if (w[2] != 3 || w[3] != 3 || a.stride_h != 1 || a.stride_w != 1 || a.dilation_h != 1 ||
      a.dilation_w != 1 || a.groups != 1)
    return false;
  std::int64_t const o = w[0], c = w[1];
  std::int64_t const direct = y[0] * y[1] * y[2] * 9 * c * o / 32;
  std::int64_t const tiles = y[0] * ((y[1] + 3) / 4) * ((y[2] + 3) / 4);
  std::int64_t const weight_bytes = kernels::winograd_points * c * o * 4;
  std::int64_t const products = kernels::winograd_points * tiles * c * o / 32;
  std::int64_t const stream = weight_bytes > 1024 * 1024 ? weight_bytes / 8 : 0;
  std::int64_t const transforms = tiles * ((c + 15) / 16 + (o + 15) / 16) * 130;
  return (products + stream + transforms) * 10 < direct * 8;
}

}  // namespace etch::plan
