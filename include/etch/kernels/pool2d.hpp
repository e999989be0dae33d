#pragma once

#include "etch/kernels/fold.hpp"
#include "etch/kernels/leading_images.hpp"
#include "etch/kernels/share.hpp"
#include "etch/kernels/window.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

enum class pool_op : unsigned char { max, average };

struct pool2d_shape {
  pool_op op;
  long batch, h, w, c;  // input, NHWC
  long oh, ow;          // output, NHWC
  int kh, kw, stride_h, stride_w, dilation_h, dilation_w;
  int pad_top, pad_left, pad_bottom, pad_right;
  bool count_include_pad;  // average: divide by all taps within the padded image

  constexpr window_axis vertical() const { return {h, oh, kh, stride_h, dilation_h, pad_top}; }
  constexpr window_axis horizontal() const { return {w, ow, kw, stride_w, dilation_w, pad_left}; }
};

/// The shape of one window over the whole image.
constexpr pool2d_shape global_pool(pool_op op, long batch, long h, long w, long c) {
  return {op, batch, h, w, c, 1, 1, int(h), int(w), 1, 1, 1, 1, 0, 0, 0, 0, false};
}

namespace detail {

/// An image, whose extents may be decided by the call.
template <class T>
struct pool2d_image {
  T const* in;
  long row;  // of the first pixel in the sink
  window_axis vertical, horizontal;
};

template <class T, pool2d_shape S, class Arch>
struct pool2d_kernel {
  using image = pool2d_image<T>;
  using pack = simd::pack<T, Arch>;
  static constexpr fold_op op = S.op == pool_op::max ? fold_op::max : fold_op::sum;
  static constexpr long lanes = simd::lanes_v<T>;
  static constexpr int tail = static_cast<int>(S.c % lanes);
  static constexpr int chains = fold_chains(S.kw);

  /// The taps that count for the divisor of output o along one axis.
  static constexpr long counted(window_axis a, long o, long pad_after) {
    window_axis const whole{a.in + a.pad + pad_after, a.out, a.kernel, a.stride, a.dilation, 0};
    window_axis const& used = S.count_include_pad ? whole : a;
    return used.last_tap(o) - used.first_tap(o);
  }

  /// One pack of channels over down x along taps from `in`. Inner says that along is kw.
  template <int Valid, bool Inner>
  static ETCH_INLINE pack window(T const* in, long w, long down, long along) noexcept {
    auto const tap = [&](long y, long x) ETCH_INLINE_LAMBDA {
      T const* const from = in + (y * S.dilation_h * w + x * S.dilation_w) * S.c;
      return Valid < lanes ? pack::load_partial(from, Valid) : pack::load(from);
    };
    pack partial[chains];
    ETCH_UNROLL for (int c = 0; c < chains; ++c) { partial[c] = pack(folder<op, T>::identity); }
    for (long y = 0; y < down; ++y) {
      if constexpr (Inner && chains == 1) {
        ETCH_UNROLL for (int x = 0; x < S.kw; ++x) {
          partial[0] = folder<op, T>::both(partial[0], tap(y, x));
        }
      } else {
        long x = 0;
        for (; x + chains <= along; x += chains) {
          ETCH_UNROLL for (int c = 0; c < chains; ++c) {
            partial[c] = folder<op, T>::both(partial[c], tap(y, x + c));
          }
        }
        if constexpr (chains > 1)
          for (; x < along; ++x) partial[0] = folder<op, T>::both(partial[0], tap(y, x));
      }
    }
    return fold_tree<op>(partial);
  }

  template <int Valid, bool Inner, class Sink>
  static ETCH_INLINE void channels(T const* in, long w, long down, long along, pack divisor,
                                   long row, long channel, Sink& sink) noexcept {
    pack y = window<Valid, Inner>(in + channel, w, down, along);
    if constexpr (S.op == pool_op::average) y = y / divisor;
    if constexpr (Valid < lanes) sink(row, channel, y, Valid);
    if constexpr (Valid == lanes) sink(row, channel, y);
  }

  template <bool Inner, class Sink>
  static ETCH_INLINE void pixel(image const& of, long y, long x, Sink& sink) noexcept {
    window_axis const &vertical = of.vertical, &horizontal = of.horizontal;
    long const row = of.row + y * horizontal.out + x;
    long const y0 = vertical.first_tap(y), down = vertical.last_tap(y) - y0;
    long const x0 = Inner ? 0 : horizontal.first_tap(x);
    long const along = Inner ? S.kw : horizontal.last_tap(x) - x0;
    long const taps = counted(vertical, y, S.pad_bottom) * counted(horizontal, x, S.pad_right);
    pack const divisor(static_cast<T>(taps));
    T const* const in = of.in + ((vertical.begin(y) + y0 * S.dilation_h) * horizontal.in +
                                 horizontal.begin(x) + x0 * S.dilation_w) *
                                    S.c;
    long const w = horizontal.in;
    long channel = 0;
    for (; channel + lanes <= S.c; channel += lanes)
      channels<lanes, Inner>(in, w, down, along, divisor, row, channel, sink);
    if constexpr (tail != 0) channels<tail, Inner>(in, w, down, along, divisor, row, channel, sink);
  }

  template <class Sink>
  static ETCH_INLINE void image_row(image const& of, long y, Sink& sink) noexcept {
    constexpr long begin = S.horizontal().inner_begin();
    constexpr long end = S.horizontal().inner_end();
    for (long x = begin; x < end; ++x) pixel<true>(of, y, x, sink);
    if constexpr (begin > 0 || end < S.ow)
      for (long x = 0; x < S.ow; ++x) {
        if (x == begin) x = end;
        if (x == S.ow) break;
        pixel<false>(of, y, x, sink);
      }
  }

  /// A row whose number of pixels is known in the call.
  template <class Sink>
  static ETCH_INLINE void leading_row(image const& of, long y, Sink& sink) noexcept {
    long const begin = of.horizontal.inner_begin(), end = of.horizontal.inner_end();
    for (long x = begin; x < end; ++x) pixel<true>(of, y, x, sink);
    for (long x = 0; x < begin; ++x) pixel<false>(of, y, x, sink);
    for (long x = end; x < of.horizontal.out; ++x) pixel<false>(of, y, x, sink);
  }
};

}  // namespace detail

/// The maximum or the average of a window that slides over an NHWC image.
/// layout    in[batch][h][w][c]; the row of the sink is the pixel (b * oh + i) * ow + j, its column
///           the channel
/// numerics  taps outside the image are skipped; max is NaN if a tap is, -inf if it has no tap;
///           average is the sum divided once by the taps inside the image, or with
///           count_include_pad inside the padded image (0 / 0 if there are none); tap x of a row
///           goes to chain x % chains while whole groups last, then to chain 0; the chains, whose
///           number follows from kw, are combined by a fixed tree
/// source    ONNX MaxPool, AveragePool, GlobalAveragePool
template <class T, pool2d_shape S, class Arch = simd::default_arch, class Sink, class Share = whole>
void pool2d(T const* in, Sink sink, Share share = {}) noexcept {
  interval const mine = share.of(S.batch * S.oh);
  for (long row = mine.begin; row < mine.end; ++row) {
    long const b = row / S.oh;
    detail::pool2d_kernel<T, S, Arch>::image_row(
        {in + b * S.h * S.w * S.c, b * S.oh * S.ow, S.vertical(), S.horizontal()}, row % S.oh,
        sink);
  }
}

/// The same for images whose number and extents are known in the call: bit for bit what a shape of
/// these gives.
template <class T, pool2d_shape S, class Arch = simd::default_arch, class Sink>
void pool2d_leading(T const* in, Sink sink, leading_images const& of) noexcept {
  window_axis const down = of.vertical(S.vertical()), along = of.horizontal(S.horizontal());
  for (long row = 0; row < of.batch * of.oh; ++row) {
    long const b = row / of.oh;
    detail::pool2d_kernel<T, S, Arch>::leading_row(
        {in + b * of.h * of.w * S.c, b * of.oh * of.ow, down, along}, row % of.oh, sink);
  }
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
