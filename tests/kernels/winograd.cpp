#include <etch/kernels/winograd.hpp>

#include "kernels/conv2d_case.hpp"

using namespace kernel_test;
using etch::kernels::conv2d_shape;
using etch::kernels::winograd_shape;

namespace {

template <class T, conv2d_shape S>
struct winograd_case {
  static constexpr winograd_shape shape{S.batch, S.h, S.w,       S.c,        S.oh,
                                        S.ow,    S.o, S.pad_top, S.pad_left, S.bias};
  conv2d_case<T, S> of;

  template <class Share = etch::kernels::whole>
  void run(T const* in, recorder<T>& y, Share share = {}) const {
    block<T> packed(etch::kernels::packed_winograd_size<T>(S.o, S.c));
    etch::kernels::pack_winograd(of.w.data(), S.o, S.c, packed.data());
    block<T> const bias = packed_bias(of.bias);
    block<T> scratch(etch::kernels::winograd_scratch<T>(shape));
    etch::kernels::winograd<T, shape>(in, packed.data(), S.bias ? bias.data() : nullptr,
                                      scratch.data(), y.in(), share);
  }
  recorder<T> run() const {
    recorder<T> y(S.batch * S.oh * S.ow, S.o);
    run(of.in.data(), y);
    return y;
  }

  /// The largest error, in units of eps times the sum of the terms' magnitudes.
  double error() const {
    recorder<T> const y = run();
    if (!y.complete()) return std::numeric_limits<double>::infinity();
    double worst = 0;
    for (long pixel = 0; pixel < S.batch * S.oh * S.ow; ++pixel)
      for (long o = 0; o < S.o; ++o) {
        reference const r = convolve(S, of.in, of.w, of.bias, 1, S.o, pixel / (S.oh * S.ow),
                                     pixel / S.ow % S.oh, pixel % S.ow, o);
        double const unit = std::numeric_limits<T>::epsilon() * std::max(r.magnitude, 1.0);
        worst = std::max(worst, std::fabs(static_cast<double>(y(pixel, o)) - r.value) / unit);
      }
    return worst;
  }
};

template <conv2d_shape S>
void is_the_convolution() {
  CAPTURE(S.h, S.w, S.c, S.o);
  CHECK(winograd_case<float, S>{}.error() < 60);
  CHECK(winograd_case<double, S>{}.error() < 60);
}

}  // namespace

TEST_CASE("winograd is the convolution of images of every size around a tile",
          "[kernels][winograd]") {
  is_the_convolution<conv_of(1, 1, 1, 16, 16, 3, 1, 1, 1)>();
  is_the_convolution<conv_of(1, 3, 4, 16, 16, 3, 1, 1, 1)>();
  is_the_convolution<conv_of(1, 5, 8, 16, 16, 3, 1, 1, 1)>();
  is_the_convolution<conv_of(2, 9, 7, 16, 16, 3, 1, 1, 1)>();
  is_the_convolution<conv_of(1, 6, 10, 16, 16, 3, 1, 1, 0)>();  // no padding
  is_the_convolution<conv_of(1, 5, 5, 16, 16, 3, 1, 1, 2)>();   // more than the kernel's reach
}

TEST_CASE("winograd takes any number of channels", "[kernels][winograd]") {
  is_the_convolution<conv_of(1, 7, 9, 1, 1, 3, 1, 1, 1)>();
  is_the_convolution<conv_of(1, 7, 9, 5, 33, 3, 1, 1, 1)>();
  is_the_convolution<conv_of(1, 7, 9, 40, 7, 3, 1, 1, 1, 1, false)>();
  is_the_convolution<conv_of(1, 29, 30, 70, 34, 3, 1, 1, 1)>();  // several blocks of tiles
}

TEST_CASE("winograd gives an image the same bits alone, in a batch and in parts",
          "[kernels][winograd]") {
  constexpr conv2d_shape batch = conv_of(3, 13, 14, 60, 50, 3, 1, 1, 1);
  constexpr conv2d_shape one = conv_of(1, 13, 14, 60, 50, 3, 1, 1, 1);
  constexpr long pixels = one.oh * one.ow * one.o;
  winograd_case<float, batch> const all;
  auto const together = all.run();
  for (long i = 0; i < 3; ++i) {
    recorder<float> alone(one.oh * one.ow, one.o);
    winograd_case<float, one>{}.run(all.of.in.data() + i * one.h * one.w * one.c, alone);
    CHECK(same_bits(alone.values.data(), together.values.data() + i * pixels, pixels));
  }
  for (int parts : {2, 3, 50}) {
    recorder<float> shared(batch.batch * batch.oh * batch.ow, batch.o);
    for (int part = 0; part < parts; ++part)
      all.run(all.of.in.data(), shared, etch::kernels::share{part, parts});
    CHECK(shared.complete());
    CHECK(same_bits(shared.values.data(), together.values.data(), 3 * pixels));
  }
}
