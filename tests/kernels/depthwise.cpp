#include <etch/kernels/depthwise.hpp>

#include "kernels/conv2d_case.hpp"

using namespace kernel_test;
using etch::kernels::depthwise_shape;

namespace {

template <class T, depthwise_shape S>
struct depthwise_case {
  block<T> in = random_block<T>(S.batch * S.h * S.w * S.c, 41);
  block<T> w = random_block<T>(S.c * S.kh * S.kw, 42);
  block<T> bias = random_block<T>(S.c, 43);

  recorder<T> run() const {
    block<T> packed(etch::kernels::packed_depthwise_size<T>(S.c, S.kh, S.kw), 0);
    etch::kernels::pack_depthwise(w.data(), S.c, S.kh, S.kw, etch::kernels::conv_order::oihw,
                                  packed.data());
    block<T> const start = packed_bias(bias);
    recorder<T> y(S.batch * S.oh * S.ow, S.c);
    etch::kernels::depthwise<T, S>(in.data(), packed.data(), S.bias ? start.data() : nullptr,
                                   y.in());
    return y;
  }

  bool agrees_with_reference() const {
    recorder<T> const y = run();
    if (!y.complete()) return false;
    for (long pixel = 0; pixel < S.batch * S.oh * S.ow; ++pixel)
      for (long c = 0; c < S.c; ++c)
        if (!agrees(y(pixel, c), convolve(S, in, w, bias, S.c, 1, pixel / (S.oh * S.ow),
                                          pixel / S.ow % S.oh, pixel % S.ow, c)))
          return false;
    return true;
  }
};

constexpr depthwise_shape of(long batch, long h, long w, long c, int kernel, int stride,
                             int dilation, int pad, bool bias = true) {
  long const reach = (kernel - 1) * dilation + 1;
  return {batch,
          h,
          w,
          c,
          (h + 2 * pad - reach) / stride + 1,
          (w + 2 * pad - reach) / stride + 1,
          kernel,
          kernel,
          stride,
          stride,
          dilation,
          dilation,
          pad,
          pad,
          bias};
}

}  // namespace

TEST_CASE("depthwise agrees with its definition on padded images", "[kernels][depthwise]") {
  CHECK(depthwise_case<float, of(2, 8, 13, 16, 3, 1, 1, 1)>{}.agrees_with_reference());
  CHECK(depthwise_case<float, of(1, 6, 30, 35, 5, 1, 1, 2)>{}.agrees_with_reference());
  CHECK(depthwise_case<double, of(1, 5, 9, 13, 3, 1, 1, 1)>{}.agrees_with_reference());
}

TEST_CASE("depthwise takes strides, dilations and no bias", "[kernels][depthwise]") {
  CHECK(depthwise_case<float, of(1, 9, 12, 20, 3, 2, 1, 1)>{}.agrees_with_reference());
  CHECK(depthwise_case<float, of(1, 11, 10, 5, 3, 1, 3, 3, false)>{}.agrees_with_reference());
  CHECK(depthwise_case<float, depthwise_shape{1, 1, 50, 18, 1, 24, 1, 5, 1, 2, 1, 1, 0, 1, true}>{}
            .agrees_with_reference());
}

TEST_CASE("depthwise takes an image smaller than its kernel", "[kernels][depthwise]") {
  CHECK(depthwise_case<float, of(1, 2, 2, 3, 5, 1, 1, 2)>{}.agrees_with_reference());
  CHECK(depthwise_case<float, of(1, 1, 1, 1, 1, 1, 1, 0)>{}.agrees_with_reference());
}

TEST_CASE("depthwise takes every width, with padding on both sides", "[kernels][depthwise]") {
  for_each_of<1, 10>([]<int W>() {  // one tile and two
    CAPTURE(W);
    CHECK(depthwise_case<float, of(1, 3, W, 17, 3, 1, 1, 1)>{}.agrees_with_reference());
  });
  CHECK(depthwise_case<float, of(1, 3, 25, 17, 3, 1, 1, 1)>{}.agrees_with_reference());
  CHECK(depthwise_case<float, of(1, 3, 8, 3, 5, 2, 1, 2)>{}.agrees_with_reference());
  CHECK(depthwise_case<float, of(1, 3, 19, 3, 5, 2, 1, 2)>{}.agrees_with_reference());
  CHECK(depthwise_case<float, of(1, 5, 12, 16, 7, 1, 2, 9)>{}.agrees_with_reference());
  CHECK(depthwise_case<float, of(1, 4, 9, 16, 2, 3, 1, 1)>{}.agrees_with_reference());
}

TEST_CASE("depthwise computes two rows at once where they are long", "[kernels][depthwise]") {
  CHECK(depthwise_case<float, of(2, 5, 18, 130, 3, 1, 1, 1)>{}.agrees_with_reference());
  CHECK(depthwise_case<float, of(1, 4, 9, 320, 3, 1, 1, 1, false)>{}.agrees_with_reference());
  CHECK(depthwise_case<float, of(1, 2, 150, 32, 2, 1, 1, 0)>{}.agrees_with_reference());
  CHECK(depthwise_case<float, depthwise_shape{1, 6, 25, 100, 7, 26, 3, 2, 1, 1, 1, 1, 2, 1, true}>{}
            .agrees_with_reference());
}

TEST_CASE("depthwise takes every tail of channels", "[kernels][depthwise]") {
  for_each_of<1, 17>([]<int C>() {
    CAPTURE(C);
    CHECK(depthwise_case<float, of(1, 3, 4, C, 2, 1, 1, 1)>{}.agrees_with_reference());
  });
}

TEST_CASE("depthwise gives an image alone the bits of that image in a batch",
          "[kernels][depthwise]") {
  depthwise_case<float, of(2, 6, 7, 18, 3, 1, 1, 1)> const all;
  auto const batch = all.run();
  depthwise_case<float, of(1, 6, 7, 18, 3, 1, 1, 1)> second;
  std::copy_n(all.in.data() + second.in.size(), second.in.size(), second.in.data());
  CHECK(same_bits(second.run().values.data(), batch.values.data() + 42 * 18, 42 * 18));
}
