#include <etch/kernels/conv2d.hpp>

#include "kernels/conv2d_case.hpp"

using namespace kernel_test;
using etch::kernels::conv2d_shape;

TEST_CASE("conv2d takes an image smaller than its kernel", "[kernels][conv2d]") {
  CHECK(conv2d_case<float, conv_of(1, 2, 2, 3, 17, 5, 1, 1, 2)>{}.agrees_with_reference());
  CHECK(conv2d_case<float, conv_of(1, 1, 1, 1, 1, 3, 1, 1, 1)>{}.agrees_with_reference());
  CHECK(conv2d_case<float, conv_of(1, 3, 3, 2, 4, 2, 1, 4, 3)>{}.agrees_with_reference());
}

TEST_CASE("conv2d of a window that lies in the padding is the bias", "[kernels][conv2d]") {
  conv2d_case<float, conv_of(1, 2, 2, 3, 5, 2, 1, 1, 3)> const c;
  auto const y = c.run();
  REQUIRE(y.complete());
  for (long o = 0; o < 5; ++o) CHECK(y(0, o) == c.bias[o]);
}

TEST_CASE("conv2d takes double", "[kernels][conv2d]") {
  CHECK(conv2d_case<double, conv_of(1, 6, 9, 3, 11, 3, 1, 1, 1)>{}.agrees_with_reference());
}

TEST_CASE("conv2d skips the taps outside the image, so that an infinite weight does not spread",
          "[kernels][conv2d]") {
  constexpr conv2d_shape s = conv_of(1, 4, 4, 1, 2, 3, 1, 1, 1);
  conv2d_case<float, s> c;
  c.w[0] = std::numeric_limits<float>::infinity();  // tap (0, 0) of channel 0
  auto const y = c.run();
  for (long i = 0; i < 4; ++i)
    for (long j = 0; j < 4; ++j) {
      CAPTURE(i, j);
      CHECK(std::isfinite(y(i * 4 + j, 0)) == (i == 0 || j == 0));
      CHECK(std::isfinite(y(i * 4 + j, 1)));
    }
}

TEST_CASE("conv2d gives an image alone the bits of that image in a batch", "[kernels][conv2d]") {
  constexpr conv2d_shape three = conv_of(3, 7, 9, 5, 18, 3, 1, 1, 1);
  constexpr conv2d_shape one = conv_of(1, 7, 9, 5, 18, 3, 1, 1, 1);
  conv2d_case<float, three> const all;
  auto const batch = all.run();
  for (long b = 0; b < 3; ++b) {
    conv2d_case<float, one> alone;
    std::copy_n(all.in.data() + b * alone.in.size(), alone.in.size(), alone.in.data());
    auto const y = alone.run();
    CHECK(same_bits(y.values.data(), batch.values.data() + b * 63 * 18, 63 * 18));
  }
}

TEST_CASE("conv2d gives a pixel the same bits in the middle of every width", "[kernels][conv2d]") {
  // the pixels away from the border see the same operands, whatever tile they fall into
  constexpr conv2d_shape wide = conv_of(1, 5, 21, 32, 16, 3, 1, 1, 1);
  constexpr conv2d_shape narrow = conv_of(1, 5, 6, 32, 16, 3, 1, 1, 1);
  conv2d_case<float, wide> const whole;
  auto const y = whole.run();
  conv2d_case<float, narrow> part;
  for (long shift = 0; shift + 6 <= 21; shift += 5) {
    for (long i = 0; i < 5; ++i)
      std::copy_n(whole.in.data() + (i * 21 + shift) * 32, 6 * 32, part.in.data() + i * 6 * 32);
    auto const z = part.run();
    for (long i = 0; i < 5; ++i)
      for (long j = 1; j < 5; ++j)
        CHECK(same_bits(z.values.data() + (i * 6 + j) * 16,
                        y.values.data() + (i * 21 + shift + j) * 16, 16));
  }
}
