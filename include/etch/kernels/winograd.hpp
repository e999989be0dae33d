#pragma once

#include "etch/kernels/product.hpp"
#include "etch/kernels/store_sink.hpp"
#include "etch/kernels/winograd_layout.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

namespace detail {

/// B^T d of six values.
template <class V>
ETCH_INLINE void winograd_input(V const (&d)[6], V (&t)[6]) noexcept {
  V const four(4), five(5), two(2);
  V const a = fnma(four, d[2], d[4]), b = fnma(four, d[1], d[3]);
  V const c = d[4] - d[2], e = two * (d[3] - d[1]);
  t[0] = fma(four, d[0], fnma(five, d[2], d[4]));
  t[1] = a + b;
  t[2] = a - b;
  t[3] = c + e;
  t[4] = c - e;
  t[5] = fma(four, d[1], fnma(five, d[3], d[5]));
}

/// A^T m of six values.
template <class V>
ETCH_INLINE void winograd_output(V const (&m)[6], V (&y)[4]) noexcept {
  V const sum = m[1] + m[2], difference = m[1] - m[2];
  V const far_sum = m[3] + m[4], far_difference = m[3] - m[4];
  y[0] = m[0] + sum + far_sum;
  y[1] = fma(V(2), far_difference, difference);
  y[2] = fma(V(4), far_sum, sum);
  y[3] = fma(V(8), far_difference, difference) + m[5];
}

template <class T, winograd_shape S, class Arch>
struct winograd_kernel {
  using pack = simd::pack<T, Arch>;
  static constexpr long lanes = simd::lanes_v<T>;
  static constexpr long at_once = winograd_tiles<T>(S);
  static constexpr long ins = panel_count<T>(S.c) * lanes;
  static constexpr long outs = panel_count<T>(S.o) * lanes;
  static constexpr long tiles = S.tiles();
  static constexpr long tiles_across = S.tiles_across();
  static constexpr long tiles_of_image = S.tiles_down() * tiles_across;
  static constexpr long blocks = (tiles + at_once - 1) / at_once;

  struct place {
    long image, y, x;
  };
  static ETCH_INLINE place place_of(long tile) noexcept {
    return {tile / tiles_of_image, tile % tiles_of_image / tiles_across * 4,
            tile % tiles_across * 4};
  }

  /// `Valid` channels from `channel` of the input of a tile, transformed into
  /// to[point][at_once][ins].
  template <int Valid>
  static ETCH_INLINE void transform_input(T const* in, place at, long channel, T* to) noexcept {
    pack between[6][6];
    for (long x = 0; x < 6; ++x) {
      pack column[6], turned[6];
      long const ix = at.x + x - S.pad_left;
      ETCH_UNROLL for (long y = 0; y < 6; ++y) {
        long const iy = at.y + y - S.pad_top;
        bool const inside = ix >= 0 && ix < S.w && iy >= 0 && iy < S.h;
        T const* const p = in + ((at.image * S.h + iy) * S.w + ix) * S.c + channel;
        column[y] = !inside         ? pack(T(0))
                    : Valid < lanes ? pack::load_partial(p, Valid)
                                    : pack::load(p);
      }
      winograd_input(column, turned);
      ETCH_UNROLL for (int y = 0; y < 6; ++y) { between[y][x] = turned[y]; }
    }
    for (long y = 0; y < 6; ++y) {
      pack turned[6];
      winograd_input(between[y], turned);
      ETCH_UNROLL for (long x = 0; x < 6; ++x) {
        turned[x].store(to + (y * 6 + x) * at_once * ins);
      }
    }
  }

  /// `Valid` channels from `channel` of the output of a tile, from from[point][at_once][outs].
  template <int Valid, class Sink>
  static ETCH_INLINE void transform_output(T const* from, place at, long channel, pack bias,
                                           Sink& sink) noexcept {
    pack between[4][6];
    for (long x = 0; x < 6; ++x) {
      pack column[6], turned[4];
      ETCH_UNROLL for (long y = 0; y < 6; ++y) {
        column[y] = pack::load(from + (y * 6 + x) * at_once * outs);
      }
      winograd_output(column, turned);
      ETCH_UNROLL for (int y = 0; y < 4; ++y) { between[y][x] = turned[y]; }
    }
    for (long y = 0; y < 4 && at.y + y < S.oh; ++y) {
      pack turned[4];
      winograd_output(between[y], turned);
      for (long x = 0; x < 4 && at.x + x < S.ow; ++x) {
        long const pixel = (at.image * S.oh + at.y + y) * S.ow + at.x + x;
        if constexpr (Valid < lanes)
          sink(pixel, channel, turned[x] + bias, Valid);
        else
          sink(pixel, channel, turned[x] + bias);
      }
    }
  }

  template <class Sink>
  static ETCH_INLINE void block(T const* in, T const* weights, T const* bias, T* inputs,
                                T* products, long first, long last, Sink& sink) noexcept {
    for (long tile = first; tile < last; ++tile) {
      place const at = place_of(tile);
      T* const to = inputs + (tile - first) * ins;
      long channel = 0;
      for (; channel + lanes <= S.c; channel += lanes)
        transform_input<lanes>(in, at, channel, to + channel);
      if constexpr (S.c % lanes != 0) transform_input<S.c % lanes>(in, at, channel, to + channel);
    }
    constexpr product_shape shape{at_once, outs, S.c, ins, 1, false, {lanes, S.c * lanes}, true};
    for (long point = 0; point < winograd_points; ++point) {
      store_sink<T, Arch> store{products + point * at_once * outs, outs};
      product<T, shape, Arch>(static_cast<T const*>(inputs) + point * at_once * ins,
                              weights + point * outs * S.c, static_cast<T const*>(nullptr), store);
    }
    for (long tile = first; tile < last; ++tile) {
      place const at = place_of(tile);
      T const* const from = products + (tile - first) * outs;
      long channel = 0;
      for (; channel + lanes <= S.o; channel += lanes)
        transform_output<lanes>(from + channel, at, channel, start(bias, channel), sink);
      if constexpr (S.o % lanes != 0)
        transform_output<S.o % lanes>(from + channel, at, channel, start(bias, channel), sink);
    }
  }

  static ETCH_INLINE pack start(T const* bias, long channel) noexcept {
    if constexpr (S.bias)
      return pack::load(bias + channel);
    else
      return pack(T(0));
  }
};

}  // namespace detail

/// conv2d with a 3 x 3 kernel and stride 1 in a quarter of its multiplications: tiles of the input
/// and the weights are transformed, multiplied point by point, and transformed back.
/// layout    in[batch][h][w][c]; weights[36][panel][c][lanes] (pack_winograd); bias[panels * lanes]
///           (pack_bias), not read when S.bias is false; scratch of winograd_scratch elements; the
///           row of the sink is the pixel (b * oh + i) * ow + j, its column the output channel
/// numerics  not that of conv2d: the transforms round, |error| <= 60 eps sum |w x| in the tests;
///           the same bits for every batch, number of threads and on every instruction set with fma
/// source    Lavin and Gray 2016, F(4 x 4, 3 x 3)
template <class T, winograd_shape S, class Arch = simd::default_arch, class Sink,
          class Share = whole>
void winograd(T const* in, T const* weights, T const* bias, T* scratch, Sink sink,
              Share share = {}) noexcept {
  using kernel = detail::winograd_kernel<T, S, Arch>;
  interval const mine = share.of(kernel::blocks);
  for (long block = mine.begin; block < mine.end; ++block) {
    long const first = block * kernel::at_once;
    long const last =
        first + kernel::at_once < kernel::tiles ? first + kernel::at_once : kernel::tiles;
    kernel::block(in, weights, bias, scratch,
                  scratch + winograd_points * kernel::at_once * kernel::ins, first, last, sink);
  }
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
