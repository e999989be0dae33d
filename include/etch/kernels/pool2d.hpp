#pragma once

#include "etch/kernels/fold.hpp"
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

template <class T, pool2d_shape S, class Arch>
struct pool2d_kernel {
  using pack = simd::pack<T, Arch>;
  static constexpr fold_op op = S.op == pool_op::max ? fold_op::max : fold_op::sum;
  static constexpr long lanes = simd::lanes_v<T>;
  static constexpr int tail = static_cast<int>(S.c % lanes);
  static constexpr window_axis vertical = S.vertical();
  static constexpr window_axis horizontal = S.horizontal();
  static constexpr int chains = fold_chains(S.kw);

  /// The taps that count for the divisor of output o along one axis.
  static constexpr long counted(window_axis a, long o, long pad_after) {
    window_axis const whole{a.in + a.pad + pad_after, a.out, a.kernel, a.stride, a.dilation, 0};
    window_axis const& used = S.count_include_pad ? whole : a;
    return used.last_tap(o) - used.first_tap(o);
  }

  template <int Valid>
  static ETCH_INLINE pack load(T const* x) noexcept {
    return Valid < lanes ? pack::load_partial(x, Valid) : pack::load(x);
  }

  /// One pack of channels over the taps [y0, y1) x [x0, x1) of the window at `in`.
  template <int Valid>
  static ETCH_INLINE pack window(T const* in, long y0, long y1, long x0, long x1) noexcept {
    constexpr long down = S.dilation_h * S.w * S.c;
    constexpr long along = S.dilation_w * S.c;
    pack partial[chains];
    ETCH_UNROLL for (int c = 0; c < chains; ++c) { partial[c] = pack(folder<op, T>::identity()); }
    for (long y = y0; y < y1; ++y) {
      T const* const row = in + y * down;
      long x = x0;
      for (; x + chains <= x1; x += chains) {
        ETCH_UNROLL for (int c = 0; c < chains; ++c) {
          partial[c] = folder<op, T>::both(partial[c], load<Valid>(row + (x + c) * along));
        }
      }
      if constexpr (chains > 1)
        for (; x < x1; ++x)
          partial[0] = folder<op, T>::both(partial[0], load<Valid>(row + x * along));
    }
    return fold_tree<op>(partial);
  }

  template <class Sink>
  static ETCH_INLINE void pixel(T const* image, long row, long y, long x, Sink& sink) noexcept {
    long const y0 = vertical.first_tap(y), y1 = vertical.last_tap(y);
    long const x0 = horizontal.first_tap(x), x1 = horizontal.last_tap(x);
    long const at = (vertical.begin(y) * S.w + horizontal.begin(x)) * S.c;
    long const taps = counted(vertical, y, S.pad_bottom) * counted(horizontal, x, S.pad_right);
    pack const divisor(static_cast<T>(taps));
    // the corner of the window may lie outside the image, so the first tap is added at once
    long const first = at + (y0 * S.dilation_h * S.w + x0 * S.dilation_w) * S.c;
    long channel = 0;
    for (; channel + lanes <= S.c; channel += lanes) {
      pack const y_c = window<lanes>(image + first + channel, 0, y1 - y0, 0, x1 - x0);
      sink(row, channel, S.op == pool_op::average ? y_c / divisor : y_c);
    }
    if constexpr (tail != 0) {
      pack const y_c = window<tail>(image + first + channel, 0, y1 - y0, 0, x1 - x0);
      sink(row, channel, S.op == pool_op::average ? y_c / divisor : y_c, tail);
    }
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
template <class T, pool2d_shape S, class Arch = simd::default_arch, class Sink>
void pool2d(T const* in, Sink sink) noexcept {
  using kernel = detail::pool2d_kernel<T, S, Arch>;
  long row = 0;
  for (long b = 0; b < S.batch; ++b)
    for (long y = 0; y < S.oh; ++y)
      for (long x = 0; x < S.ow; ++x, ++row)
        kernel::pixel(in + b * S.h * S.w * S.c, row, y, x, sink);
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
