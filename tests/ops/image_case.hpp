#pragma once

#include "ops/structured_case.hpp"

namespace structured {

/// An image in a frame: what convolutions and pools see. [B, C, H, W].
inline array framed(array x, int top, int left, int bottom, int right, double value) {
  int const b = x.extents[0], c = x.extents[1], h = x.extents[2], w = x.extents[3];
  array wide({b, c, h + top + bottom, w + left + right}, value);
  for (int i = 0; i < b; ++i)
    for (int j = 0; j < c; ++j)
      for (int y = 0; y < h; ++y)
        for (int z = 0; z < w; ++z) wide.at({i, j, y + top, z + left}) = x.at({i, j, y, z});
  return wide;
}

/// [B, C, H, W] -> [B, H, W, C]
inline array channels_last(array x) {
  array y({x.extents[0], x.extents[2], x.extents[3], x.extents[1]});
  for (int b = 0; b < x.extents[0]; ++b)
    for (int c = 0; c < x.extents[1]; ++c)
      for (int h = 0; h < x.extents[2]; ++h)
        for (int w = 0; w < x.extents[3]; ++w) y.at({b, h, w, c}) = x.at({b, c, h, w});
  return y;
}

}  // namespace structured
