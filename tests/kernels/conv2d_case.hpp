#pragma once

#include <etch/kernels/conv2d.hpp>

#include "kernels/kernel_test.hpp"

namespace kernel_test {

/// The convolution in double; the weight is [o][c / groups][kh][kw].
template <class T, class Shape>
reference convolve(Shape const& s, block<T> const& in, block<T> const& w, block<T> const& bias,
                   long groups, long outs, long b, long y, long x, long o) {
  long const ins = s.c / groups;
  long const first = o / outs * ins;
  reference sum;
  if (s.bias) sum.add(static_cast<double>(bias[o]));
  for (long ky = 0; ky < s.kh; ++ky)
    for (long kx = 0; kx < s.kw; ++kx) {
      long const iy = y * s.stride_h - s.pad_top + ky * s.dilation_h;
      long const ix = x * s.stride_w - s.pad_left + kx * s.dilation_w;
      if (iy < 0 || iy >= s.h || ix < 0 || ix >= s.w) continue;
      for (long i = 0; i < ins; ++i)
        sum.add(static_cast<double>(in[((b * s.h + iy) * s.w + ix) * s.c + first + i]) *
                static_cast<double>(w[((o * ins + i) * s.kh + ky) * s.kw + kx]));
    }
  return sum;
}

template <class T, etch::kernels::conv2d_shape S>
struct conv2d_case {
  static constexpr etch::kernels::conv_weight weight{S.o, S.c, S.kh, S.kw, S.groups};
  block<T> in = random_block<T>(S.batch * S.h * S.w * S.c, 11);
  block<T> w = random_block<T>(S.o * (S.c / S.groups) * S.kh * S.kw, 12);
  block<T> bias = random_block<T>(S.o, 13);

  recorder<T> run() const {
    block<T> packed(etch::kernels::packed_conv2d_size<T>(weight), 0);
    etch::kernels::pack_conv2d(w.data(), weight, etch::kernels::conv_order::oihw, packed.data());
    block<T> const start = packed_bias(bias, S.groups);
    recorder<T> y(S.batch * S.oh * S.ow, S.o);
    etch::kernels::conv2d<T, S>(in.data(), packed.data(), S.bias ? start.data() : nullptr, y.in());
    return y;
  }

  bool agrees_with_reference() const {
    recorder<T> const y = run();
    if (!y.complete()) return false;
    for (long pixel = 0; pixel < S.batch * S.oh * S.ow; ++pixel)
      for (long o = 0; o < S.o; ++o)
        if (!agrees(y(pixel, o),
                    convolve(S, in, w, bias, S.groups, S.o / S.groups, pixel / (S.oh * S.ow),
                             pixel / S.ow % S.oh, pixel % S.ow, o)))
          return false;
    return true;
  }
};

/// A convolution whose output size follows from symmetric padding.
constexpr etch::kernels::conv2d_shape conv_of(long batch, long h, long w, long c, long o,
                                              int kernel, int stride, int dilation, int pad,
                                              int groups = 1, bool bias = true) {
  long const reach = (kernel - 1) * dilation + 1;
  return {batch,
          h,
          w,
          c,
          (h + 2 * pad - reach) / stride + 1,
          (w + 2 * pad - reach) / stride + 1,
          o,
          kernel,
          kernel,
          stride,
          stride,
          dilation,
          dilation,
          pad,
          pad,
          groups,
          bias};
}

}  // namespace kernel_test
