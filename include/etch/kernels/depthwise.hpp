#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

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
  static constexpr int per_pack = registers_per_pack<Arch>;
  static constexpr int most_pixels = register_file<Arch> / per_pack > 12 ? 8 : 4;
  static constexpr bool is_short = S.kw <= 8;  // kernels whose taps are written out

  /// Stands for the first pixel of a tile that is anywhere in its row, but needs no padding.
  static constexpr long anywhere = -1;

  /// What `Pixels` neighbours in each of `Rows` rows read of a row of the image; of those at a
  /// constant X the taps that lie in the padding are left out.
  template <int Rows, int Pixels, long X>
  struct taps_of_tile {
    static constexpr int span = (Pixels - 1) * S.stride_w + (S.kw - 1) * S.dilation_w + 1;
    static constexpr bool fit = (Rows * Pixels + span + 1) * per_pack <= register_file<Arch>;
    /// Every pack is loaded once, and waits in a register for the other pixels that read it.
    static constexpr bool held = span < Pixels * S.kw && fit;

    static constexpr int position(int pixel, int kx) {
      return pixel * S.stride_w + kx * S.dilation_w;
    }
    static constexpr bool in_image(int position) {
      long const ix = horizontal.begin(X) + position;
      return X == anywhere || (ix >= 0 && ix < S.w);
    }
    static constexpr auto read = [] {
      std::array<bool, static_cast<std::size_t>(span)> is{};
      for (int i = 0; i < Pixels; ++i)
        for (int kx = 0; kx < S.kw; ++kx)
          if (int const at = position(i, kx); in_image(at)) is[static_cast<std::size_t>(at)] = true;
      return is;
    }();
  };

  template <int Valid>
  static ETCH_INLINE pack load(T const* from) noexcept {
    return Valid < lanes ? pack::load_partial(from, Valid) : pack::load(from);
  }

  template <int Pixels, int Valid, class Sink>
  static ETCH_INLINE void finish(depthwise_operands<T, Sink> const& at, long y, long x,
                                 long channel, pack const (&sums)[Pixels][1]) noexcept {
    ETCH_UNROLL for (int i = 0; i < Pixels; ++i) {
      sink_row<tail>(at.sink, at.row + y * at.horizontal.out + x + i, channel, Valid < lanes,
                     sums[i]);
    }
  }

  /// What the row iy of the image adds to `Rows` rows of a tile: to the first as tap ky, to the
  /// second as tap ky - 1.
  template <int Rows, int Pixels, int Valid, long X, class Sink>
  static ETCH_INLINE void add_row(depthwise_operands<T, Sink> const& at, long iy, long x,
                                  long channel, long ky, pack (&sums)[Rows][Pixels][1]) noexcept {
    using window = taps_of_tile<Rows, Pixels, X>;
    T const* const weights = at.weights + channel;
    long const pixel = iy * at.horizontal.in + at.horizontal.begin(x);
    [[maybe_unused]] pack row[window::held ? window::span : 1];
    if constexpr (window::held) {
      ETCH_UNROLL for (int j = 0; j < window::span; ++j) {
        if (window::read[static_cast<std::size_t>(j)])
          row[j] = in_registers(load<Valid>(at.in + (pixel + j) * S.c + channel));
      }
    }
    ETCH_UNROLL for (int r = 0; r < Rows; ++r) {
      if (Rows > 1 && (ky - r < 0 || ky - r >= S.kh)) continue;
      ETCH_UNROLL for (int kx = 0; kx < S.kw; ++kx) {
        pack const w = pack::load(weights + ((ky - r) * S.kw + kx) * padded);
        ETCH_UNROLL for (int i = 0; i < Pixels; ++i) {
          int const j = window::position(i, kx);
          if (!window::in_image(j)) continue;
          if constexpr (window::held)
            sums[r][i][0] = fma(row[j], w, sums[r][i][0]);
          else
            sums[r][i][0] = fma(load<Valid>(at.in + (pixel + j) * S.c + channel), w, sums[r][i][0]);
        }
      }
    }
  }

  /// `Pixels` neighbours from x, which is X if that is not anywhere, in each of `Rows` rows from y;
  /// one pack of channels, `Valid` of whose lanes exist.
  template <int Rows, int Pixels, int Valid, long X, class Sink>
  static ETCH_INLINE void tile(depthwise_operands<T, Sink> const& at, long y, long x,
                               long channel) noexcept {
    pack sums[Rows][Pixels][1];
    ETCH_UNROLL for (int r = 0; r < Rows; ++r) start_sums<S.bias>(at.bias + channel, sums[r]);
    long const begin = at.vertical.begin(y);
    if constexpr (Rows == 1) {
      for (long ky = at.vertical.first_tap(y); ky < at.vertical.last_tap(y); ++ky)
        add_row<Rows, Pixels, Valid, X>(at, begin + ky * S.dilation_h, x, channel, ky, sums);
    } else {
      ETCH_UNROLL for (int ky = 0; ky < S.kh + Rows - 1; ++ky) {
        if (begin + ky >= 0 && begin + ky < at.vertical.in)
          add_row<Rows, Pixels, Valid, X>(at, begin + ky, x, channel, ky, sums);
      }
    }
    ETCH_UNROLL for (int r = 0; r < Rows; ++r)
        finish<Pixels, Valid>(at, y + r, x, channel, sums[r]);
  }

  /// The same for pixels that all have the taps [first, last), one after the other.
  template <int Pixels, int Valid, class Sink>
  static ETCH_INLINE void tile_of_taps(depthwise_operands<T, Sink> const& at, long y, long x,
                                       long first, long last, long channel) noexcept {
    pack sums[Pixels][1];
    start_sums<S.bias>(at.bias + channel, sums);
    for (long ky = at.vertical.first_tap(y); ky < at.vertical.last_tap(y); ++ky) {
      long const pixel =
          (at.vertical.begin(y) + ky * S.dilation_h) * at.horizontal.in + at.horizontal.begin(x);
      T const* const weights = at.weights + ky * S.kw * padded + channel;
      for (long kx = first; kx < last; ++kx) {
        pack const w = pack::load(weights + kx * padded);
        T const* const a = at.in + (pixel + kx * S.dilation_w) * S.c + channel;
        ETCH_UNROLL for (int i = 0; i < Pixels; ++i) {
          sums[i][0] = fma(load<Valid>(a + i * S.stride_w * S.c), w, sums[i][0]);
        }
      }
    }
    finish<Pixels, Valid>(at, y, x, channel, sums);
  }

  /// tile(valid lanes, channel) for all packs of channels, the first one as a constant.
  template <class Tile>
  static ETCH_INLINE void each_pack(Tile const& tile) noexcept {
    long channel = 0;
    for (; channel + lanes <= S.c; channel += lanes)
      tile(std::integral_constant<int, lanes>{}, channel);
    if constexpr (tail != 0) tile(std::integral_constant<int, tail>{}, channel);
  }

  /// All channels of a pixel that needs padding.
  template <class Sink>
  static ETCH_INLINE void edge(depthwise_operands<T, Sink> const& at, long y, long x) noexcept {
    long const first = at.horizontal.first_tap(x), last = at.horizontal.last_tap(x);
    each_pack([&](auto valid, long channel)
                  ETCH_INLINE_LAMBDA { tile_of_taps<1, valid()>(at, y, x, first, last, channel); });
  }

  /// All channels of `Pixels` neighbours in each of `Rows` rows.
  template <int Rows, int Pixels, long X = anywhere, class Sink>
  static ETCH_INLINE void pixels(depthwise_operands<T, Sink> const& at, long y, long x) noexcept {
    each_pack([&](auto valid, long channel) ETCH_INLINE_LAMBDA {
      if constexpr (is_short)
        tile<Rows, Pixels, valid(), X>(at, y, x, channel);
      else
        tile_of_taps<Pixels, valid()>(at, y, x, 0, S.kw, channel);
    });
  }

  /// The tiles of a row; in_tiles where the first one and the last one have all that needs padding.
  static constexpr even_pieces along{S.ow, most_pixels};
  static constexpr long before_last = along.start(along.pieces - 1);
  static constexpr bool in_tiles =
      is_short && (along.pieces == 1 || (horizontal.inner_begin() <= along.start(1) &&
                                         before_last <= horizontal.inner_end()));

  /// Two rows at once where the rows of the image that they share leave the first cache between
  /// them.
  static constexpr int rows_at_once = [] {
    constexpr int widest = static_cast<int>(along.length) + (along.longer > 0);
    bool const overlap = S.stride_h == 1 && S.dilation_h == 1 && S.kh > 1 && S.kh <= 3;
    bool const leave = S.kh * S.w * S.c * static_cast<long>(sizeof(T)) > 24 * 1024;
    return in_tiles && overlap && leave && taps_of_tile<2, widest, anywhere>::fit ? 2 : 1;
  }();

  /// `Rows` rows from y.
  template <int Rows, class Sink>
  static ETCH_INLINE void image_rows(depthwise_operands<T, Sink> const& at, long y) noexcept {
    if constexpr (in_tiles) {
      if constexpr (along.pieces > 1) pixels<Rows, static_cast<int>(along.start(1)), 0>(at, y, 0);
      tiles<Rows, along, 1, along.pieces - 1>(at, y, 0);
      pixels<Rows, static_cast<int>(S.ow - before_last), before_last>(at, y, before_last);
    } else {
      constexpr long begin = horizontal.inner_begin(), end = horizontal.inner_end();
      for (long x = 0; x < begin; ++x) edge(at, y, x);
      if constexpr (begin < end) {
        constexpr even_pieces inner(end - begin, most_pixels);
        tiles<1, inner, 0, inner.pieces>(at, y, begin);
      }
      for (long x = end; x < S.ow; ++x) edge(at, y, x);
    }
  }

  /// The pieces [First, Last) of pixels from x, which need no padding.
  template <int Rows, even_pieces Pieces, long First, long Last, class Sink>
  static ETCH_INLINE void tiles(depthwise_operands<T, Sink> const& at, long y, long x) noexcept {
    constexpr int length = static_cast<int>(Pieces.length);
    long piece = First;
    if constexpr (First < Pieces.longer)
      for (; piece < Pieces.longer && piece < Last; ++piece)
        pixels<Rows, length + 1>(at, y, x + Pieces.start(piece));
    if constexpr (Pieces.longer < Last)
      for (; piece < Last; ++piece) pixels<Rows, length>(at, y, x + Pieces.start(piece));
  }

  /// A row whose number of pixels is known in the call.
  template <class Sink>
  static ETCH_INLINE void leading_row(depthwise_operands<T, Sink> const& at, long y) noexcept {
    long const begin = at.horizontal.inner_begin(), end = at.horizontal.inner_end();
    for (long x = 0; x < begin; ++x) edge(at, y, x);
    leading_pixels<most_pixels>(at, y, begin, end);
    for (long x = end; x < at.horizontal.out; ++x) edge(at, y, x);
  }

  /// The pixels [x, end) that need no padding: `Pixels` at a time, then half as many.
  template <int Pixels, class Sink>
  static ETCH_INLINE void leading_pixels(depthwise_operands<T, Sink> const& at, long y, long x,
                                         long end) noexcept {
    for (; x + Pixels <= end; x += Pixels) pixels<1, Pixels>(at, y, x);
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
  using kernel = detail::depthwise_kernel<T, S, Arch>;
  interval const mine = share.of(S.batch * S.oh);
  for (long row = mine.begin; row < mine.end;) {
    long const b = row / S.oh, y = row % S.oh;
    detail::depthwise_operands<T, Sink> const at{in + b * S.h * S.w * S.c,
                                                 weights,
                                                 bias,
                                                 b * S.oh * S.ow,
                                                 sink,
                                                 S.vertical(),
                                                 S.horizontal()};
    if (kernel::rows_at_once == 2 && y + 1 < S.oh && row + 1 < mine.end) {
      kernel::template image_rows<kernel::rows_at_once>(at, y);
      row += 2;
    } else {
      kernel::template image_rows<1>(at, y);
      ++row;
    }
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
