#pragma once

#include "etch/kernels/product.hpp"
#include "etch/kernels/window.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

struct conv2d_shape {
  long batch, h, w, c;  // input, NHWC
  long oh, ow, o;       // output, NHWC; the padding at the bottom and the right follows
  int kh, kw, stride_h, stride_w, dilation_h, dilation_w;
  int pad_top, pad_left;
  int groups;
  bool bias;

  constexpr window_axis vertical() const { return {h, oh, kh, stride_h, dilation_h, pad_top}; }
  constexpr window_axis horizontal() const { return {w, ow, kw, stride_w, dilation_w, pad_left}; }
  constexpr bool pointwise() const {
    return kh == 1 && kw == 1 && stride_h == 1 && stride_w == 1 && pad_top == 0 && pad_left == 0 &&
           oh == h && ow == w && groups == 1;
  }
  constexpr bool unpadded() const {
    return pad_top == 0 && pad_left == 0 && groups == 1 &&
           (oh - 1) * stride_h + (kh - 1) * dilation_h < h &&
           (ow - 1) * stride_w + (kw - 1) * dilation_w < w;
  }
  /// Images of one row, all of whose windows lie inside: signals.
  constexpr bool signal() const { return h == 1 && kh == 1 && unpadded(); }
  /// Windows of one column: signals that lie side by side, a column each.
  constexpr bool signals() const {
    return kw == 1 && ow == w && stride_w == 1 && !signal() && unpadded();
  }
};

/// The chains of the sum of a signal's convolution: those of a product, as far as they divide the
/// channels.
template <class T>
constexpr int signal_split(long n, int taps, long channels) noexcept {
  int split = product_split<T>(n, taps * channels);
  while (channels % split != 0) split /= 2;
  return split;
}

/// The chains of the sum of any convolution.
template <class T>
constexpr int conv2d_split(conv2d_shape const& s) noexcept {
  bool const of_signal = !s.pointwise() && (s.signal() || s.signals());
  return of_signal ? signal_split<T>(s.o, s.kh * s.kw, s.c) : 1;
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
