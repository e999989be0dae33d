#pragma once

#include "etch/kernels/conv2d_shape.hpp"
#include "etch/kernels/later_rows.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

namespace detail {

struct taps {
  long first, last;
};

/// A tile of output pixels, rows x columns, and of panels.
struct pixel_tile {
  int rows, columns, panels;
};

/// The cheapest tile for a region of h x w pixels that has so many columns; no rows where none fits
/// the registers.
template <class Arch>
constexpr pixel_tile choose_pixels(long h, long w, long panels, long k, int least_columns,
                                   int most_columns) {
  constexpr int per_pack = registers_per_pack<Arch>;
  pixel_tile best{0, 0, 0};
  long best_cost = -1;
  for (int rows = 1; rows <= 4 && rows <= h; ++rows)
    for (int columns = least_columns; columns <= most_columns && columns <= w; ++columns)
      for (int count = 1; count <= 8 && count <= panels; ++count) {
        register_tile const t{rows * columns, count, 1};
        if (!fits_registers(t, per_pack, register_file<Arch>)) continue;
        even_pieces const down(h, rows);
        even_pieces const along(w, columns);
        long cost = 0;
        for (int tall = 0; tall < 2; ++tall) {
          long const times = tall ? down.longer : down.pieces - down.longer;
          long const height = down.length + tall;
          for (int wide = 0; times > 0 && wide < 2; ++wide) {
            long const pieces = wide ? along.longer : along.pieces - along.longer;
            if (pieces == 0) continue;
            long const pixels = height * (along.length + wide);
            cost += times *
                    tiling_cost(pieces * pixels, panels, k, {int(pixels), count, 1}, 1, per_pack);
          }
        }
        if (best_cost < 0 || cost < best_cost) {
          best = {rows, columns, count};
          best_cost = cost;
        }
      }
  return best;
}

/// Panels that go over a whole image together: all, or as many as stay in the second cache when the
/// regions of the image would read more than it holds again and again.
constexpr long panels_at_once(long panels, long panel_bytes, bool one_region) {
  constexpr long most = 1280 * 1024;
  if (one_region || panels * panel_bytes <= most) return panels;
  long count = most / panel_bytes > 1 ? most / panel_bytes : 1;
  while (panels % count != 0) --count;
  return count;
}

/// What a convolution of single pixels is: a product of all of them.
template <class T>
constexpr product_shape pointwise_product(conv2d_shape s) {
  constexpr long lanes = simd::lanes_v<T>;
  return {s.batch * s.h * s.w,  s.o, s.c, s.c, conv2d_split<T>(s), s.bias,
          {lanes, s.c * lanes}, true};
}

/// What a convolution of signals is, whose sum has several chains: a product of `rows` windows that
/// begin `stride` elements apart.
template <class T>
constexpr product_shape signal_product(conv2d_shape s, long rows, long stride) {
  constexpr long lanes = simd::lanes_v<T>;
  long const terms = s.kh * s.kw * s.c;
  return {rows,
          s.o,
          terms,
          stride,
          conv2d_split<T>(s),
          s.bias,
          {lanes, terms * lanes},
          true,
          s.c,
          s.signal() ? s.dilation_w * s.c : s.dilation_h * s.w * s.c};
}

/// The operands of some panels of one image and one group, whose width may be decided by the call.
template <class T, class Sink, class Share>
struct conv2d_operands {
  T const* in;
  T const* weights;
  T const* bias;
  long row;   // of the first pixel in the sink
  long col;   // of the first channel in the sink
  bool last;  // the last panel of the group is among them
  Sink& sink;
  Share rows;  // of the image
  long w, ow;  // of its input and its output
};

template <class T, conv2d_shape S, class Arch>
struct conv2d_kernel {
  using pack = simd::pack<T, Arch>;
  static constexpr long lanes = simd::lanes_v<T>;
  static constexpr long ins = S.c / S.groups;
  static constexpr long outs = S.o / S.groups;
  static constexpr long panels = (outs + lanes - 1) / lanes;
  static constexpr long panel_size = S.kh * S.kw * ins * lanes;
  static constexpr window_axis vertical = S.vertical();
  static constexpr window_axis horizontal = S.horizontal();
  static constexpr bool one_region = vertical.inner() == S.oh && horizontal.inner() == S.ow;
  static constexpr long at_once =
      panels_at_once(panels, panel_size* static_cast<long>(sizeof(T)), one_region);
  static constexpr int most_columns = most_rows(S.stride_w * S.c * static_cast<long>(sizeof(T)));
  /// Passes over an image: one for each image, group and block of panels.
  static constexpr long blocks = panels / at_once;
  static constexpr long passes = S.batch * S.groups * blocks;

  /// n terms that lie side by side in the image and in the weights.
  template <row_grid Pixels, int R, int P, class Ahead>
  static ETCH_INLINE void run(T const* a, T const* b, long n, pack (&sums)[R][P],
                              Ahead& ahead) noexcept {
    for (T const* const end = a + n; a != end; ++a, b += lanes) {
#if defined(__GNUC__) && !defined(__clang__)
      // or gcc 12 keeps what neighbouring pixels share from step to step, and spills it
      asm("" : "+r"(a));
#endif
      ahead();
      multiply_add<Pixels, panel_grid{lanes, panel_size}, lanes>(a, b, sums);
    }
  }

  /// H x W pixels from (y, x), which all have the taps `down` x `along`.
  template <int H, int W, int P, class Sink, class Share, class Ahead>
  static ETCH_INLINE void tile(conv2d_operands<T, Sink, Share> const& at, long y, long x, taps down,
                               taps along, long panel, Ahead& ahead) noexcept {
    constexpr row_grid pixels{W, S.stride_h * S.w * S.c, S.stride_w * S.c};
    pack sums[H * W][P];
    start_sums<S.bias>(at.bias + panel * lanes, sums);
    for (int r = 0; r < H * W; ++r)
      expect_row<is_far<T>(S.oh * S.ow * S.o), T, P>(
          at.sink, at.row + (y + r / W) * at.ow + x + r % W, at.col + panel * lanes);
    T const* const weights = at.weights + panel * panel_size;
    for (long ky = down.first; ky < down.last; ++ky) {
      long const iy = vertical.begin(y) + ky * S.dilation_h;
      if constexpr (S.dilation_w == 1 && S.groups == 1) {
        run<pixels>(at.in + (iy * at.w + horizontal.begin(x) + along.first) * S.c,
                    weights + (ky * S.kw + along.first) * ins * lanes,
                    (along.last - along.first) * ins, sums, ahead);
      } else {
        for (long kx = along.first; kx < along.last; ++kx)
          run<pixels>(at.in + (iy * at.w + horizontal.begin(x) + kx * S.dilation_w) * S.c,
                      weights + (ky * S.kw + kx) * ins * lanes, ins, sums, ahead);
      }
    }
    bool const last = at.last && panel + P == at_once;
    ETCH_UNROLL for (int r = 0; r < H * W; ++r) {
      sink_row<outs % lanes>(at.sink, at.row + (y + r / W) * at.ow + x + r % W,
                             at.col + panel * lanes, last, sums[r]);
    }
  }

  template <int H, int P, even_pieces Along, class Sink, class Share, class Ahead>
  static ETCH_INLINE void columns(conv2d_operands<T, Sink, Share> const& at, long y, long x,
                                  taps down, taps along, long panel, Ahead& ahead) noexcept {
    constexpr int width = static_cast<int>(Along.length);
    long piece = 0;
    if constexpr (Along.longer > 0)
      for (; piece < Along.longer; ++piece)
        tile<H, width + 1, P>(at, y, x + Along.start(piece), down, along, panel, ahead);
    for (; piece < Along.pieces; ++piece)
      tile<H, width, P>(at, y, x + Along.start(piece), down, along, panel, ahead);
  }

  template <int P, even_pieces Down, even_pieces Along, class Sink, class Share>
  static ETCH_INLINE void rows(conv2d_operands<T, Sink, Share> const& at, long y, long x,
                               long first, long end, taps down, taps along, long panel) noexcept {
    constexpr int height = static_cast<int>(Down.length);
    constexpr bool far = is_far<T>(S.o * panel_size / lanes) && Down.pieces * Along.pieces > 1;
    auto ahead = look_ahead_of<far>(at.weights + (panel + P) * panel_size,
                                    P * panel_size * static_cast<long>(sizeof(T)),
                                    (end - first) * Along.pieces * (panel_size / lanes));
    long piece = first;
    if constexpr (Down.longer > 0)
      for (; piece < end && piece < Down.longer; ++piece)
        columns<height + 1, P, Along>(at, y + Down.start(piece), x, down, along, panel, ahead);
    if constexpr (Down.longer < Down.pieces)
      for (; piece < end; ++piece)
        columns<height, P, Along>(at, y + Down.start(piece), x, down, along, panel, ahead);
  }

  /// A region of Height x Width pixels from (y, x), which all have the taps `down` x `along`. The
  /// panels are applied to a block of rows that stays in the cache.
  template <long Height, long Width, class Sink, class Share>
  static ETCH_INLINE void region(conv2d_operands<T, Sink, Share> const& at, long y, long x,
                                 taps down, taps along) noexcept {
    constexpr pixel_tile t =
        choose_pixels<Arch>(Height, Width, at_once, S.kh * S.kw * ins, 1, most_columns);
    constexpr even_pieces vertically(Height, t.rows);
    constexpr even_pieces horizontally(Width, t.columns);
    constexpr even_pieces across(at_once, t.panels);
    constexpr int wide = static_cast<int>(across.length);
    constexpr long block = tiles_in_cache(
        vertically.pieces, t.rows * S.stride_h * S.w * S.c * static_cast<long>(sizeof(T)));
    interval const mine = at.rows.of(vertically.pieces);
    for (long first = mine.begin; first < mine.end; first += block) {
      long const end = first + block < mine.end ? first + block : mine.end;
      long piece = 0;
      if constexpr (across.longer > 0)
        for (; piece < across.longer; ++piece)
          rows<wide + 1, vertically, horizontally>(at, y, x, first, end, down, along,
                                                   across.start(piece));
      for (; piece < across.pieces; ++piece)
        rows<wide, vertically, horizontally>(at, y, x, first, end, down, along,
                                             across.start(piece));
    }
  }

  /// The pixels of a row of the output that have the horizontal tap kx are [first, last).
  static constexpr taps pixels_with(int kx) {
    taps of{0, 0};
    for (long x = 0; x < S.ow; ++x) {
      if (kx < horizontal.first_tap(x) || kx >= horizontal.last_tap(x)) continue;
      if (of.last == 0) of.first = x;
      of.last = x + 1;
    }
    return of;
  }

  /// Tiles of whole rows, for images whose rows are so short that pixels without all taps are many.
  static constexpr pixel_tile row_tile = [] {
    bool const is_padded = horizontal.inner() < S.ow;
    bool const is_short = S.ow > 1 && S.ow <= most_columns;
    // below, the few terms of a tap do not pay for the sums that go from tap to tap
    bool const is_deep = ins >= 32;
    if (!is_padded || !is_short || !is_deep || vertical.inner() == 0) return pixel_tile{0, 0, 0};
    int const columns = static_cast<int>(S.ow);
    return choose_pixels<Arch>(vertical.inner(), S.ow, at_once, S.kh * S.kw * ins, columns,
                               columns);
  }();

  /// The terms of tap (ky, kx), for those pixels of a tile of H rows from y that have it.
  template <int H, int Kx, int P, class Ahead>
  static ETCH_INLINE void run_tap(T const* in, T const* weights, long iy, pack (&sums)[H * S.ow][P],
                                  Ahead& ahead) noexcept {
    constexpr taps with = pixels_with(Kx);
    constexpr int count = static_cast<int>(with.last - with.first);
    if constexpr (count > 0) {
      constexpr row_grid pixels{count, S.stride_h * S.w * S.c, S.stride_w * S.c};
      constexpr long ix = horizontal.begin(with.first) + Kx * S.dilation_w;
      pack some[H * count][P];
      ETCH_UNROLL for (int r = 0; r < H * count; ++r) {
        ETCH_UNROLL for (int p = 0; p < P; ++p) {
          some[r][p] = sums[r / count * S.ow + with.first + r % count][p];
        }
      }
      run<pixels>(in + (iy * S.w + ix) * S.c, weights + Kx * ins * lanes, ins, some, ahead);
      ETCH_UNROLL for (int r = 0; r < H * count; ++r) {
        ETCH_UNROLL for (int p = 0; p < P; ++p) {
          sums[r / count * S.ow + with.first + r % count][p] = some[r][p];
        }
      }
    }
  }

  /// H whole rows from y, which all have the vertical taps `down`.
  template <int H, int P, class Sink, class Share, class Ahead>
  static ETCH_INLINE void whole_rows(conv2d_operands<T, Sink, Share> const& at, long y, taps down,
                                     long panel, Ahead& ahead) noexcept {
    pack sums[H * S.ow][P];
    start_sums<S.bias>(at.bias + panel * lanes, sums);
    for (int r = 0; r < H * S.ow; ++r)
      expect_row<is_far<T>(S.oh * S.ow * S.o), T, P>(at.sink, at.row + y * S.ow + r,
                                                     at.col + panel * lanes);
    for (long ky = down.first; ky < down.last; ++ky) {
      long const iy = vertical.begin(y) + ky * S.dilation_h;
      T const* const weights = at.weights + panel * panel_size + ky * S.kw * ins * lanes;
      [&]<int... Kx>(std::integer_sequence<int, Kx...>) ETCH_INLINE_LAMBDA {
        (run_tap<H, Kx>(at.in, weights, iy, sums, ahead), ...);
      }
      (std::make_integer_sequence<int, S.kw>{});
    }
    bool const last = at.last && panel + P == at_once;
    ETCH_UNROLL for (int r = 0; r < H * S.ow; ++r) {
      sink_row<outs % lanes>(at.sink, at.row + y * S.ow + r, at.col + panel * lanes, last, sums[r]);
    }
  }

  /// P panels for all rows of an image, top to bottom.
  template <int P, class Sink, class Share>
  static ETCH_INLINE void panels_by_rows(conv2d_operands<T, Sink, Share> const& at,
                                         long panel) noexcept {
    constexpr even_pieces inner(vertical.inner(), row_tile.rows);
    constexpr int height = static_cast<int>(inner.length);
    auto ahead = look_ahead_of<is_far<T>(S.o * panel_size / lanes)>(
        at.weights + (panel + P) * panel_size, P * panel_size * static_cast<long>(sizeof(T)),
        (inner.pieces + S.oh - vertical.inner()) * S.kh * S.kw * ins);
    interval const mine = at.rows.of(S.oh);
    auto const edge_row = [&](long y) ETCH_INLINE_LAMBDA {
      if (mine.holds(y))
        whole_rows<1, P>(at, y, {vertical.first_tap(y), vertical.last_tap(y)}, panel, ahead);
    };
    for (long y = 0; y < vertical.inner_begin(); ++y) edge_row(y);
    for (long piece = 0; piece < inner.pieces; ++piece) {
      long const y = vertical.inner_begin() + inner.start(piece);
      if (!mine.holds(y)) continue;
      if (inner.longer > 0 && piece < inner.longer)
        whole_rows<height + (inner.longer > 0), P>(at, y, {0, S.kh}, panel, ahead);
      else
        whole_rows<height, P>(at, y, {0, S.kh}, panel, ahead);
    }
    for (long y = vertical.inner_end(); y < S.oh; ++y) edge_row(y);
  }

  template <class Sink, class Share>
  static ETCH_INLINE void image_by_rows(conv2d_operands<T, Sink, Share> const& at) noexcept {
    constexpr even_pieces across(at_once, row_tile.panels);
    constexpr int wide = static_cast<int>(across.length);
    for (long piece = 0; piece < across.longer; ++piece)
      panels_by_rows<wide + (across.longer > 0)>(at, across.start(piece));
    for (long piece = across.longer; piece < across.pieces; ++piece)
      panels_by_rows<wide>(at, across.start(piece));
  }

  /// One row that has not all vertical taps.
  template <class Sink, class Share>
  static ETCH_INLINE void edge(conv2d_operands<T, Sink, Share> const& at, long y,
                               taps down) noexcept {
    band<1>(
        conv2d_operands<T, Sink, whole>{
            at.in, at.weights, at.bias, at.row, at.col, at.last, at.sink, {}, at.w, at.ow},
        y, down);
  }

  /// Height rows from y, which all have the vertical taps `down`.
  template <long Height, class Sink, class Share>
  static ETCH_INLINE void band(conv2d_operands<T, Sink, Share> const& at, long y,
                               taps down) noexcept {
    constexpr long begin = horizontal.inner_begin();
    constexpr long end = horizontal.inner_end();
    if constexpr (begin < end) region<Height, end - begin>(at, y, begin, down, {0, S.kw});
    if constexpr (begin > 0 || end < S.ow)
      for (long x = 0; x < S.ow; ++x) {
        if (x == begin) x = end;
        if (x == S.ow) break;
        region<Height, 1>(at, y, x, down, {horizontal.first_tap(x), horizontal.last_tap(x)});
      }
  }

  template <class Sink, class Share>
  static ETCH_INLINE void image(conv2d_operands<T, Sink, Share> const& at) noexcept {
    if constexpr (row_tile.rows > 0)
      image_by_rows(at);
    else
      image_by_regions(at);
  }

  template <class Sink, class Share>
  static ETCH_INLINE void image_by_regions(conv2d_operands<T, Sink, Share> const& at) noexcept {
    constexpr long begin = vertical.inner_begin();
    constexpr long end = vertical.inner_end();
    if constexpr (begin < end) band<end - begin>(at, begin, {0, S.kh});
    if constexpr (begin > 0 || end < S.oh)
      for (long y = 0; y < S.oh; ++y) {
        if (y == begin) y = end;
        if (y == S.oh) break;
        if (!at.rows.of(S.oh).holds(y)) continue;
        edge(at, y, {vertical.first_tap(y), vertical.last_tap(y)});
      }
  }
};

}  // namespace detail

/// Direct convolution of an NHWC image:
/// y[b][i][j][o] = bias[o] + sum over (ky, kx, c) of w[o][c][ky][kx] x[b][iy][ix][c], where
/// iy = i stride_h - pad_top + ky dilation_h, ix = j stride_w - pad_left + kx dilation_w
/// layout    in[batch][h][w][c]; weights[group][panel][kh][kw][c / groups][lanes] (pack_conv2d);
///           bias[group][panels * lanes] (pack_bias), not read when S.bias is false; the row of the
///           sink is the pixel (b * oh + i) * ow + j, its column the output channel
/// numerics  starts from the bias, then fma in the order ky, kx, c; taps outside the image are
///           skipped; of signals (images of one row, or windows of
///           one column, without padding and groups) the sum is split into
///           signal_split chains as that of gemm is; the same bits for every batch, tile and
///           register width;
///           |error| <= terms * eps * sum |w x|
/// source    Georganas et al. 2018 (direct convolutions); ONNX Conv
template <class T, conv2d_shape S, class Arch = simd::default_arch, class Sink, class Share = whole>
void conv2d(T const* in, T const* weights, T const* bias, Sink sink, Share share = {}) noexcept {
  static_assert(S.c % S.groups == 0, "etch: conv2d: groups does not divide the input channels");
  static_assert(S.o % S.groups == 0, "etch: conv2d: groups does not divide the output channels");
  using kernel = detail::conv2d_kernel<T, S, Arch>;
  if constexpr (S.pointwise()) {
    product<T, detail::pointwise_product<T>(S), Arch>(in, weights, bias, sink, nullptr, share);
  } else if constexpr (S.signal() || S.signals()) {
    constexpr long passes = S.stride_h == 1 ? 1 : S.oh, rows = S.oh * S.ow / passes;
    constexpr product_shape window =
        detail::signal_product<T>(S, rows, S.signal() ? S.stride_w * S.c : S.c);
    for (long i = 0; i < S.batch * passes; ++i) {
      later_rows<Sink> const to{sink, i * rows};
      product<T, window, Arch>(in + (i / passes * S.h + i % passes * S.stride_h) * S.w * S.c,
                               weights, bias, to, nullptr, share);
    }
  } else {
    constexpr bool share_passes = kernel::passes >= 4;
    using rows = std::conditional_t<share_passes, whole, Share>;
    interval mine{0, kernel::passes};
    rows image_rows{};
    if constexpr (share_passes)
      mine = share.of(kernel::passes);
    else
      image_rows = share;
    for (long pass = mine.begin; pass < mine.end; ++pass) {
      long const panel = pass % kernel::blocks * kernel::at_once;
      long const g = pass / kernel::blocks % S.groups;
      long const b = pass / kernel::blocks / S.groups;
      kernel::image(detail::conv2d_operands<T, Sink, rows>{
          in + b * S.h * S.w * S.c + g * kernel::ins,
          weights + (g * kernel::panels + panel) * kernel::panel_size,
          bias + (g * kernel::panels + panel) * kernel::lanes, b * S.oh * S.ow,
          g * kernel::outs + panel * kernel::lanes, panel + kernel::at_once == kernel::panels, sink,
          image_rows, S.w, S.ow});
    }
  }
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
