#pragma once

#include "etch/kernels/tile_sums.hpp"
#include "etch/kernels/window.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

struct depthwise_shape {
  long batch, h, w, c;  // input, NHWC
  long oh, ow;          // output, NHWC; the padding at the bottom and the right follows
  int kh, kw, stride_h, stride_w, dilation_h, dilation_w;
  int pad_top, pad_left;
  bool bias;

  constexpr window_axis vertical() const { return {h, oh, kh, stride_h, dilation_h, pad_top}; }
  constexpr window_axis horizontal() const { return {w, ow, kw, stride_w, dilation_w, pad_left}; }
};

namespace detail {

template <class T, depthwise_shape S, class Arch>
struct depthwise_kernel {
  using pack = simd::pack<T, Arch>;
  static constexpr long lanes = simd::lanes_v<T>;
  static constexpr long padded = (S.c + lanes - 1) / lanes * lanes;
  static constexpr int tail = static_cast<int>(S.c % lanes);
  static constexpr window_axis vertical = S.vertical();
  static constexpr window_axis horizontal = S.horizontal();
  static constexpr int most_pixels = register_file<Arch> / registers_per_pack<Arch> > 12 ? 8 : 4;

  /// `Pixels` neighbours of one row from x, one pack of channels; `Valid` of its lanes exist.
  template <int Pixels, int Valid, class Sink>
  static ETCH_INLINE void tile(T const* in, T const* weights, T const* bias, long row, long y,
                               long x, long first_x, long last_x, long channel,
                               Sink& sink) noexcept {
    pack sums[Pixels][1];
    start_sums<S.bias>(bias + channel, sums);
    for (long ky = vertical.first_tap(y); ky < vertical.last_tap(y); ++ky) {
      long const iy = vertical.begin(y) + ky * S.dilation_h;
      for (long kx = first_x; kx < last_x; ++kx) {
        pack const w = pack::load(weights + (ky * S.kw + kx) * padded + channel);
        T const* const a =
            in + (iy * S.w + horizontal.begin(x) + kx * S.dilation_w) * S.c + channel;
        ETCH_UNROLL for (int i = 0; i < Pixels; ++i) {
          pack const v = Valid < lanes ? pack::load_partial(a + i * S.stride_w * S.c, Valid)
                                       : pack::load(a + i * S.stride_w * S.c);
          sums[i][0] = fma(v, w, sums[i][0]);
        }
      }
    }
    ETCH_UNROLL for (int i = 0; i < Pixels; ++i) {
      sink_row<tail>(sink, row + y * S.ow + x + i, channel, Valid < lanes, sums[i]);
    }
  }

  /// `Pixels` neighbours, all channels.
  template <int Pixels, class Sink>
  static ETCH_INLINE void channels(T const* in, T const* weights, T const* bias, long row, long y,
                                   long x, long first_x, long last_x, Sink& sink) noexcept {
    long channel = 0;
    for (; channel + lanes <= S.c; channel += lanes)
      tile<Pixels, lanes>(in, weights, bias, row, y, x, first_x, last_x, channel, sink);
    if constexpr (tail != 0)
      tile<Pixels, tail>(in, weights, bias, row, y, x, first_x, last_x, channel, sink);
  }

  template <class Sink>
  static ETCH_INLINE void image_row(T const* in, T const* weights, T const* bias, long row, long y,
                                    Sink& sink) noexcept {
    constexpr long begin = horizontal.inner_begin();
    constexpr long end = horizontal.inner_end();
    if constexpr (begin > 0 || end < S.ow)
      for (long x = 0; x < S.ow; ++x) {
        if (x == begin) x = end;
        if (x == S.ow) break;
        channels<1>(in, weights, bias, row, y, x, horizontal.first_tap(x), horizontal.last_tap(x),
                    sink);
      }
    if constexpr (begin < end) {
      constexpr even_pieces pieces(end - begin, most_pixels);
      constexpr int length = static_cast<int>(pieces.length);
      long piece = 0;
      if constexpr (pieces.longer > 0)
        for (; piece < pieces.longer; ++piece)
          channels<length + 1>(in, weights, bias, row, y, begin + pieces.start(piece), 0, S.kw,
                               sink);
      for (; piece < pieces.pieces; ++piece)
        channels<length>(in, weights, bias, row, y, begin + pieces.start(piece), 0, S.kw, sink);
    }
  }
};

}  // namespace detail

/// Depthwise convolution of an NHWC image, each channel with its own kernel:
/// y[b][i][j][c] = bias[c] + sum over (ky, kx) of w[c][ky][kx]
///                 x[b][i stride_h - pad_top + ky dilation_h][j stride_w - pad_left + kx
///                 dilation_w][c]
/// layout    in[batch][h][w][c]; weights[kh][kw][c padded to lanes] (pack_depthwise); bias[c padded
///           to lanes] (pack_bias), not read when S.bias is false; the row of the sink is the pixel
///           (b * oh + i) * ow + j, its column the channel
/// numerics  starts from the bias, then fma in the order ky, kx; taps outside the image are
/// skipped;
///           |error| <= taps * eps * sum |w x|
/// source    Howard et al. 2017 (MobileNets); ONNX Conv with group = c
template <class T, depthwise_shape S, class Arch = simd::default_arch, class Sink>
void depthwise(T const* in, T const* weights, T const* bias, Sink sink) noexcept {
  for (long b = 0; b < S.batch; ++b)
    for (long y = 0; y < S.oh; ++y)
      detail::depthwise_kernel<T, S, Arch>::image_row(in + b * S.h * S.w * S.c, weights, bias,
                                                      b * S.oh * S.ow, y, sink);
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
