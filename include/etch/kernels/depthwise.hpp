#pragma once

#include "etch/kernels/leading_images.hpp"
#include "etch/kernels/share.hpp"
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

/// The operands of one image, whose extents may be decided by the call.
template <class T, class Sink>
struct depthwise_operands {
  T const* in;
  T const* weights;
  T const* bias;
  long row;  // of the first pixel in the sink
  Sink& sink;
  window_axis vertical, horizontal;
};

template <class T, depthwise_shape S, class Arch>
struct depthwise_kernel {
  using pack = simd::pack<T, Arch>;
  static constexpr long lanes = simd::lanes_v<T>;
  static constexpr long padded = (S.c + lanes - 1) / lanes * lanes;
  static constexpr int tail = static_cast<int>(S.c % lanes);
  static constexpr window_axis horizontal = S.horizontal();
  static constexpr int most_pixels = register_file<Arch> / registers_per_pack<Arch> > 12 ? 8 : 4;

  /// `Pixels` neighbours of one row from x, which all have the taps [first, last), one pack of
  /// channels; `Valid` of its lanes exist. Inner says that the taps are all of them.
  template <int Pixels, int Valid, bool Inner, class Sink>
  static ETCH_INLINE void tile(depthwise_operands<T, Sink> const& at, long y, long x, long first,
                               long last, long channel) noexcept {
    pack sums[Pixels][1];
    start_sums<S.bias>(at.bias + channel, sums);
    for (long ky = at.vertical.first_tap(y); ky < at.vertical.last_tap(y); ++ky) {
      long const pixel =
          (at.vertical.begin(y) + ky * S.dilation_h) * at.horizontal.in + at.horizontal.begin(x);
      T const* const weights = at.weights + ky * S.kw * padded + channel;
      auto const tap = [&](long kx) ETCH_INLINE_LAMBDA {
        pack const w = pack::load(weights + kx * padded);
        T const* const a = at.in + (pixel + kx * S.dilation_w) * S.c + channel;
        ETCH_UNROLL for (int i = 0; i < Pixels; ++i) {
          pack const v = Valid < lanes ? pack::load_partial(a + i * S.stride_w * S.c, Valid)
                                       : pack::load(a + i * S.stride_w * S.c);
          sums[i][0] = fma(v, w, sums[i][0]);
        }
      };
      if constexpr (Inner && S.kw <= 8) {
        ETCH_UNROLL for (int kx = 0; kx < S.kw; ++kx) { tap(kx); }
      } else {
        for (long kx = first; kx < last; ++kx) tap(kx);
      }
    }
    ETCH_UNROLL for (int i = 0; i < Pixels; ++i) {
      sink_row<tail>(at.sink, at.row + y * at.horizontal.out + x + i, channel, Valid < lanes,
                     sums[i]);
    }
  }

  /// `Pixels` neighbours, all channels.
  template <int Pixels, bool Inner, class Sink>
  static ETCH_INLINE void channels(depthwise_operands<T, Sink> const& at, long y, long x) noexcept {
    long const first = Inner ? 0 : at.horizontal.first_tap(x);
    long const last = Inner ? S.kw : at.horizontal.last_tap(x);
    long channel = 0;
    for (; channel + lanes <= S.c; channel += lanes)
      tile<Pixels, lanes, Inner>(at, y, x, first, last, channel);
    if constexpr (tail != 0) tile<Pixels, tail, Inner>(at, y, x, first, last, channel);
  }

  template <class Sink>
  static ETCH_INLINE void image_row(depthwise_operands<T, Sink> const& at, long y) noexcept {
    constexpr long begin = horizontal.inner_begin();
    constexpr long end = horizontal.inner_end();
    if constexpr (begin > 0 || end < S.ow)
      for (long x = 0; x < S.ow; ++x) {
        if (x == begin) x = end;
        if (x == S.ow) break;
        channels<1, false>(at, y, x);
      }
    if constexpr (begin < end) {
      constexpr even_pieces pieces(end - begin, most_pixels);
      constexpr int length = static_cast<int>(pieces.length);
      long piece = 0;
      if constexpr (pieces.longer > 0)
        for (; piece < pieces.longer; ++piece)
          channels<length + 1, true>(at, y, begin + pieces.start(piece));
      for (; piece < pieces.pieces; ++piece)
        channels<length, true>(at, y, begin + pieces.start(piece));
    }
  }

  /// A row whose number of pixels is known in the call.
  template <class Sink>
  static ETCH_INLINE void leading_row(depthwise_operands<T, Sink> const& at, long y) noexcept {
    long const begin = at.horizontal.inner_begin(), end = at.horizontal.inner_end();
    for (long x = 0; x < begin; ++x) channels<1, false>(at, y, x);
    leading_pixels<most_pixels>(at, y, begin, end);
    for (long x = end; x < at.horizontal.out; ++x) channels<1, false>(at, y, x);
  }

  /// The pixels [x, end) that need no padding: `Pixels` at a time, then half as many.
  template <int Pixels, class Sink>
  static ETCH_INLINE void leading_pixels(depthwise_operands<T, Sink> const& at, long y, long x,
                                         long end) noexcept {
    for (; x + Pixels <= end; x += Pixels) channels<Pixels, true>(at, y, x);
    if constexpr (Pixels > 1) leading_pixels<Pixels / 2>(at, y, x, end);
  }
};

}  // namespace detail

/// Depthwise convolution of an NHWC image, each channel with its own kernel:
/// y[b][i][j][c] = bias[c] + sum over (ky, kx) of w[c][ky][kx] x[b][iy][ix][c], where
/// iy = i stride_h - pad_top + ky dilation_h, ix = j stride_w - pad_left + kx dilation_w
/// layout    in[batch][h][w][c]; weights[kh][kw][c padded to lanes] (pack_depthwise); bias[c padded
///           to lanes] (pack_bias), not read when S.bias is false; the row of the sink is the pixel
///           (b * oh + i) * ow + j, its column the channel
/// numerics  starts from the bias, then fma in the order ky, kx; taps outside the image are left
///           out; |error| <= taps * eps * sum |w x|
/// source    Howard et al. 2017 (MobileNets); ONNX Conv with group = c
template <class T, depthwise_shape S, class Arch = simd::default_arch, class Sink,
          class Share = whole>
void depthwise(T const* in, T const* weights, T const* bias, Sink sink, Share share = {}) noexcept {
  interval const mine = share.of(S.batch * S.oh);
  for (long row = mine.begin; row < mine.end; ++row) {
    long const b = row / S.oh;
    detail::depthwise_operands<T, Sink> const at{in + b * S.h * S.w * S.c,
                                                 weights,
                                                 bias,
                                                 b * S.oh * S.ow,
                                                 sink,
                                                 S.vertical(),
                                                 S.horizontal()};
    detail::depthwise_kernel<T, S, Arch>::image_row(at, row % S.oh);
  }
}

/// The same for images whose number and extents are known in the call: bit for bit what a shape of
/// these gives.
template <class T, depthwise_shape S, class Arch = simd::default_arch, class Sink>
void depthwise_leading(T const* in, T const* weights, T const* bias, Sink sink,
                       leading_images const& of) noexcept {
  using kernel = detail::depthwise_kernel<T, S, Arch>;
  window_axis const down = of.vertical(S.vertical()), along = of.horizontal(S.horizontal());
  for (long row = 0; row < of.batch * of.oh; ++row) {
    long const b = row / of.oh;
    detail::depthwise_operands<T, Sink> const at{
        in + b * of.h * of.w * S.c, weights, bias, b * of.oh * of.ow, sink, down, along};
    kernel::leading_row(at, row % of.oh);
  }
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
