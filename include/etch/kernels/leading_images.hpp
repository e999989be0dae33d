#pragma once

#include "etch/kernels/window.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

/// How many images a call has, and their extents before and behind a window: each at most that of
/// the shape that a kernel is made for.
struct leading_images {
  long batch;
  long h, w;
  long oh, ow;

  constexpr window_axis vertical(window_axis most) const { return sized(most, h, oh); }
  constexpr window_axis horizontal(window_axis most) const { return sized(most, w, ow); }

 private:
  static constexpr window_axis sized(window_axis axis, long in, long out) {
    axis.in = in;
    axis.out = out;
    return axis;
  }
};

}  // namespace ETCH_ISA
}  // namespace etch::kernels
