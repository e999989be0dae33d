#include "kernels/softmax_case.hpp"

using namespace kernel_test;
using etch::kernels::softmax_shape;

TEST_CASE("softmax agrees with its definition", "[kernels][softmax]") {
  CHECK(softmax_agrees<float, softmax_shape{3, 10, false}>(4));
  CHECK(softmax_agrees<float, softmax_shape{2, 1000, false}>(8));
  CHECK(softmax_agrees<float, softmax_shape{2, 64, false}>(80));
  CHECK(softmax_agrees<double, softmax_shape{2, 37, false}>(6));
}

TEST_CASE("softmax takes every length of a row", "[kernels][softmax]") {
  for_each_of<1, 17>([]<int N>() {
    CAPTURE(N);
    CHECK(softmax_agrees<float, softmax_shape{2, N, false}>(3));
  });
}

TEST_CASE("softmax takes rows in blocks, or one at a time where they share what they keep",
          "[kernels][softmax]") {
  CHECK(softmax_agrees<float, softmax_shape{4, 19, false}>(4));
  CHECK(softmax_agrees<float, softmax_shape{7, 33, false}>(4));
  CHECK(softmax_agrees<float, softmax_shape{7, 33, false, true}>(4));
  CHECK(softmax_agrees<float, softmax_shape{3, 5000, false}>(4));
  CHECK(softmax_agrees<float, softmax_shape{9, 40, true}>(4));
}

TEST_CASE("softmax does not overflow and forgets what is far below the maximum",
          "[kernels][softmax]") {
  block<float> x(20);
  for (float& v : x) v = -3e38f;
  x[3] = 3e38f;
  x[4] = -std::numeric_limits<float>::infinity();
  auto const y = run_softmax<float, softmax_shape{1, 20, false}>(x);
  for (long i = 0; i < 20; ++i) CHECK(y(0, i) == (i == 3 ? 1.0f : 0.0f));
}

TEST_CASE("softmax of a row with NaN or infinity, or of minus infinity alone, is NaN",
          "[kernels][softmax]") {
  block<float> x = random_block<float>(4 * 19, 62);
  float const infinity = std::numeric_limits<float>::infinity();
  x[5] = std::numeric_limits<float>::quiet_NaN();
  x[19 + 18] = infinity;
  for (long i = 0; i < 19; ++i) x[2 * 19 + i] = -infinity;
  auto const y = run_softmax<float, softmax_shape{4, 19, false}>(x);
  for (long i = 0; i < 19; ++i) {
    CHECK(std::isnan(y(0, i)));
    CHECK(std::isnan(y(1, i)));
    CHECK(std::isnan(y(2, i)));
    CHECK(std::isfinite(y(3, i)));
  }
}

TEST_CASE("softmax gives a row alone the bits of that row in a batch", "[kernels][softmax]") {
  block<float> const all = random_block<float>(3 * 131, 63);
  auto const batch = run_softmax<float, softmax_shape{3, 131, false}>(all);
  block<float> one(131, 5);
  std::copy_n(all.data() + 131, 131, one.data());
  auto const row = run_softmax<float, softmax_shape{1, 131, false}>(one);
  CHECK(same_bits(row.values.data(), batch.values.data() + 131, 131));
}
