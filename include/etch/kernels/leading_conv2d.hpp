#pragma once

#include "etch/kernels/conv2d.hpp"
#include "etch/kernels/leading_images.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

namespace detail {

/// The tiles of conv2d_kernel over images whose extents are known in the call. A width that the
/// call decides (`Wide`) is gone along row by row.
template <class T, conv2d_shape S, class Arch, bool Wide>
struct leading_conv2d_kernel {
  using kernel = conv2d_kernel<T, S, Arch>;

  template <class Sink>
  using operands = conv2d_operands<T, Sink, whole>;

  /// Pixels of one row from x to `end`, which all have the taps `down` x `along`: `Width` at a
  /// time, then half as many.
  template <int Width, int P, class Sink, class Ahead>
  static ETCH_INLINE void pixels(operands<Sink> const& at, long y, long x, long end, taps down,
                                 taps along, long panel, Ahead& ahead) noexcept {
    for (; x + Width <= end; x += Width)
      kernel::template tile<1, Width, P>(at, y, x, down, along, panel, ahead);
    if constexpr (Width > 1) pixels<Width / 2, P>(at, y, x, end, down, along, panel, ahead);
  }

  /// The same for the rows from y to `end` of a region of so many pixels: `Height` rows at a time.
  template <int Height, int P, even_pieces Along, class Sink, class Ahead>
  static ETCH_INLINE void rows(operands<Sink> const& at, long y, long end, long x, taps down,
                               taps along, long panel, Ahead& ahead) noexcept {
    for (; y + Height <= end; y += Height)
      kernel::template columns<Height, P, Along>(at, y, x, down, along, panel, ahead);
    if constexpr (Height > 1) rows<Height / 2, P, Along>(at, y, end, x, down, along, panel, ahead);
  }

  /// A region of rows and columns that all have the taps `down` x `along`; of `Width` columns where
  /// the call does not decide how many.
  template <long Width, class Sink>
  static ETCH_INLINE void region(operands<Sink> const& at, long y, long end, long x, long x_end,
                                 taps down, taps along) noexcept {
    constexpr pixel_tile t =
        choose_pixels<Arch>(Wide ? 1 : S.oh, Width, kernel::at_once, S.kh * S.kw * kernel::ins, 1,
                            kernel::most_columns);
    constexpr even_pieces across(kernel::at_once, t.panels);
    constexpr long block =
        t.rows * tiles_in_cache((S.oh + t.rows - 1) / t.rows,
                                t.rows * S.stride_h * S.w * S.c * static_cast<long>(sizeof(T)));
    auto ahead = look_ahead_of<false>(at.weights, 0, 1);
    auto const some = [&]<int P>(std::integral_constant<int, P>, long panel, long first, long last)
                          ETCH_INLINE_LAMBDA {
                            if constexpr (Wide) {
                              for (long row = first; row < last; ++row)
                                pixels<t.columns, P>(at, row, x, x_end, down, along, panel, ahead);
                            } else {
                              rows<t.rows, P, even_pieces(Width, t.columns)>(
                                  at, first, last, x, down, along, panel, ahead);
                            }
                          };
    constexpr int wide = static_cast<int>(across.length);
    for (; y < end; y += block) {
      long const last = y + block < end ? y + block : end;
      long piece = 0;
      if constexpr (across.longer > 0)
        for (; piece < across.longer; ++piece)
          some(std::integral_constant<int, wide + 1>{}, across.start(piece), y, last);
      for (; piece < across.pieces; ++piece)
        some(std::integral_constant<int, wide>{}, across.start(piece), y, last);
    }
  }

  /// The rows from y to `end`, which all have the vertical taps `down`.
  template <class Sink>
  static ETCH_INLINE void band(operands<Sink> const& at, window_axis const& horizontal, long y,
                               long end, taps down) noexcept {
    constexpr long width = Wide ? S.ow : S.horizontal().inner();
    long const begin = horizontal.inner_begin(), inner_end = horizontal.inner_end();
    if constexpr (width > 0) region<width>(at, y, end, begin, inner_end, down, {0, S.kw});
    if constexpr (Wide || width < S.ow) {
      auto const edge = [&](long x) ETCH_INLINE_LAMBDA {
        region<1>(at, y, end, x, x + 1, down, {horizontal.first_tap(x), horizontal.last_tap(x)});
      };
      for (long x = 0; x < begin; ++x) edge(x);
      for (long x = inner_end; x < horizontal.out; ++x) edge(x);
    }
  }

  /// Those rows of an image.
  template <class Sink>
  static ETCH_INLINE void image(operands<Sink> const& at, window_axis const& vertical,
                                window_axis const& horizontal, interval rows) noexcept {
    auto const within = [&](long y) {
      return y < rows.begin ? rows.begin : y < rows.end ? y : rows.end;
    };
    long const begin = within(vertical.inner_begin()), end = within(vertical.inner_end());
    auto const edge = [&](long y) ETCH_INLINE_LAMBDA {
      band(at, horizontal, y, y + 1, {vertical.first_tap(y), vertical.last_tap(y)});
    };
    for (long y = rows.begin; y < begin; ++y) edge(y);
    band(at, horizontal, begin, end, {0, S.kh});
    for (long y = end; y < rows.end; ++y) edge(y);
  }
};

/// A convolution of signals, whose sum has several chains.
template <class T, conv2d_shape S, class Arch, class Sink>
ETCH_INLINE void leading_signals(T const* in, T const* weights, T const* bias, Sink& sink,
                                 leading_images const& of) noexcept {
  // a row of the product is a pixel: of one row of the image, or of all that lie evenly apart
  constexpr bool one = S.signal(), single = !one && S.ow == 1;
  constexpr long apart_by = one ? S.stride_w : single ? S.stride_h : 1;
  constexpr product_shape window = signal_product<T>(S, one ? S.ow : S.oh * S.ow, apart_by * S.c);
  bool const apart = !one && !single && S.stride_h > 1;
  long const passes = apart ? of.oh : 1, rows = of.oh * of.ow / passes;
  for (long i = 0; i < of.batch * passes; ++i) {
    later_rows<Sink> const to{sink, i * rows};
    leading_product<T, window, Arch>(
        in + (i / passes * of.h + i % passes * S.stride_h) * of.w * S.c, weights, bias, rows, to);
  }
}

}  // namespace detail

/// conv2d of images whose number and extents are known in the call: bit for bit what a shape of
/// these gives. With `Wide` the call decides the width too.
template <class T, conv2d_shape S, bool Wide, class Arch = simd::default_arch, class Sink>
void leading_conv2d(T const* in, T const* weights, T const* bias, Sink sink,
                    leading_images const& of) noexcept {
  static_assert(!Wide || S.h == 1 || S.kh == 1 || S.kw > 1,
                "etch: conv2d: columns whose distance is decided by the call");
  using kernel = detail::conv2d_kernel<T, S, Arch>;
  constexpr conv2d_shape one_row = [] {
    conv2d_shape s = S;
    s.h = s.oh = 1;
    return s;
  }();
  if constexpr (S.pointwise()) {
    leading_product<T, detail::pointwise_product<T>(S), Arch>(in, weights, bias,
                                                              of.batch * of.h * of.w, sink);
  } else if constexpr (S.signal() || S.signals()) {
    detail::leading_signals<T, S, Arch>(in, weights, bias, sink, of);
  } else {
    if constexpr (S.h > 1 && S.kh == 1 && one_row.signal())
      if (of.h == 1) return detail::leading_signals<T, one_row, Arch>(in, weights, bias, sink, of);
    using image = detail::leading_conv2d_kernel<T, S, Arch, Wide>;
    for (long pass = 0; pass < of.batch * S.groups * kernel::blocks; ++pass) {
      long const panel = pass % kernel::blocks * kernel::at_once;
      long const g = pass / kernel::blocks % S.groups;
      long const b = pass / kernel::blocks / S.groups;
      image::image(
          detail::conv2d_operands<T, Sink, whole>{
              in + b * of.h * of.w * S.c + g * kernel::ins,
              weights + (g * kernel::panels + panel) * kernel::panel_size,
              bias + (g * kernel::panels + panel) * kernel::lanes,
              b * of.oh * of.ow,
              g * kernel::outs + panel * kernel::lanes,
              panel + kernel::at_once == kernel::panels,
              sink,
              {},
              of.w,
              of.ow},
          of.vertical(S.vertical()), of.horizontal(S.horizontal()), {0, of.oh});
    }
  }
}

/// The rows of a band of one image: bit for bit those of the whole.
template <class T, conv2d_shape S, class Arch = simd::default_arch, class Sink>
void conv2d_band(T const* in, T const* weights, T const* bias, Sink sink, band rows) noexcept {
  static_assert(S.batch == 1, "etch: conv2d: bands of several images");
  if constexpr (S.pointwise()) {
    interval const mine = rows.of(S.oh * S.ow);
    later_rows<Sink> const to{sink, mine.begin};
    leading_product<T, detail::pointwise_product<T>(S), Arch>(in + mine.begin * S.c, weights, bias,
                                                              mine.end - mine.begin, to);
  } else {
    static_assert(!S.signal() && !S.signals(), "etch: conv2d: bands of signals");
    using kernel = detail::conv2d_kernel<T, S, Arch>;
    using image = detail::leading_conv2d_kernel<T, S, Arch, false>;
    for (long pass = 0; pass < kernel::passes; ++pass) {
      long const panel = pass % kernel::blocks * kernel::at_once, g = pass / kernel::blocks;
      image::image(
          detail::conv2d_operands<T, Sink, whole>{
              in + g * kernel::ins,
              weights + (g * kernel::panels + panel) * kernel::panel_size,
              bias + (g * kernel::panels + panel) * kernel::lanes,
              0,
              g * kernel::outs + panel * kernel::lanes,
              panel + kernel::at_once == kernel::panels,
              sink,
              {},
              S.w,
              S.ow},
          S.vertical(), S.horizontal(), rows.of(S.oh));
    }
  }
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
