#pragma once

#include "etch/kernels/pack_layout.hpp"

namespace etch::kernels {

/// The points in which tiles of 6 x 6 inputs and their weights are multiplied.
inline constexpr long winograd_points = 36;

/// A 3 x 3 convolution with stride 1 by tiles of 4 x 4 outputs.
struct winograd_shape {
  long batch, h, w, c;  // input, NHWC
  long oh, ow, o;       // output, NHWC
  int pad_top, pad_left;
  bool bias;

  constexpr long tiles_down() const { return (oh + 3) / 4; }
  constexpr long tiles_across() const { return (ow + 3) / 4; }
  constexpr long tiles() const { return batch * tiles_down() * tiles_across(); }
};

/// Tiles that are transformed together: what is between the transforms stays in the second cache
/// beside the weights of a point, or without them where the weights are too large for it anyway.
template <class T>
constexpr long winograd_tiles(winograd_shape s) {
  long const of_tile = winograd_points * (panel_count<T>(s.c) + panel_count<T>(s.o)) *
                       pack_lanes<T> * static_cast<long>(sizeof(T));
  long const weights = winograd_points * s.c * s.o * static_cast<long>(sizeof(T));
  long const room = (weights > 4 * 1024 * 1024 ? 1280 : 512) * 1024;
  long const most = room / of_tile > 4 ? room / of_tile : 4;
  long const blocks = (s.tiles() + most - 1) / most;
  return (s.tiles() + blocks - 1) / blocks;
}

/// Elements of scratch that `winograd` takes.
template <class T>
constexpr long winograd_scratch(winograd_shape s) {
  return winograd_points * winograd_tiles<T>(s) * (panel_count<T>(s.c) + panel_count<T>(s.o)) *
         pack_lanes<T>;
}

/// Elements of a transformed 3 x 3 weight: [36][panels of o][c][lanes].
template <class T>
constexpr long packed_winograd_size(long o, long c) noexcept {
  return winograd_points * panel_count<T>(o) * c * pack_lanes<T>;
}

/// out[point][panel][i][lane] = (G w G^T)[point] of w[panel * lanes + lane][i][3][3], in double;
/// zero where the channel is beyond o.
/// source    Lavin and Gray 2016
template <class T>
constexpr void pack_winograd(T const* w, long o, long c, T* out) noexcept {
  constexpr double g[6][3] = {{1.0 / 4, 0, 0},
                              {-1.0 / 6, -1.0 / 6, -1.0 / 6},
                              {-1.0 / 6, 1.0 / 6, -1.0 / 6},
                              {1.0 / 24, 1.0 / 12, 1.0 / 6},
                              {1.0 / 24, -1.0 / 12, 1.0 / 6},
                              {0, 0, 1}};
  constexpr long lanes = pack_lanes<T>;
  long const padded = panel_count<T>(o) * lanes;
  for (long i = 0; i < winograd_points * padded * c; ++i) out[i] = T(0);
  for (long channel = 0; channel < o; ++channel)
    for (long i = 0; i < c; ++i) {
      T const* const kernel = w + (channel * c + i) * 9;
      for (int y = 0; y < 6; ++y)
        for (int x = 0; x < 6; ++x) {
          double sum = 0;
          for (int ky = 0; ky < 3; ++ky)
            for (int kx = 0; kx < 3; ++kx)
              sum += g[y][ky] * static_cast<double>(kernel[ky * 3 + kx]) * g[x][kx];
          out[(y * 6 + x) * padded * c + (channel / lanes * c + i) * lanes + channel % lanes] =
              static_cast<T>(sum);
        }
    }
}

}  // namespace etch::kernels
