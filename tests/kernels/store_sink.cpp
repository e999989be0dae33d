#include <etch/kernels/store_sink.hpp>

#include "kernels/kernel_test.hpp"

using namespace kernel_test;

TEST_CASE("store_sink writes whole packs and tails where they belong", "[kernels][store_sink]") {
  constexpr long lanes = etch::simd::lanes_v<float>;
  constexpr long stride = 2 * lanes;
  block<float> out(2 * stride);
  block<float> const x = random_block<float>(lanes, 3);
  etch::kernels::store_sink<float> const sink{out.data(), stride};
  sink(0, 5, etch::simd::pack<float>::load(x.data()));
  sink(1, lanes, etch::simd::pack<float>::load(x.data()), 3);
  for (long i = 0; i < stride; ++i) {
    CAPTURE(i);
    CHECK(out[i] == (i >= 5 && i < 5 + lanes ? x[i - 5] : 0.0f));
    CHECK(out[stride + i] == (i >= lanes && i < lanes + 3 ? x[i - lanes] : 0.0f));
  }
}
