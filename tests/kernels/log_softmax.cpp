#include "kernels/softmax_case.hpp"

using namespace kernel_test;
using etch::kernels::softmax_shape;

TEST_CASE("log softmax agrees with its definition and needs no scratch", "[kernels][softmax]") {
  CHECK(softmax_agrees<float, softmax_shape{3, 10, true}>(4));
  CHECK(softmax_agrees<float, softmax_shape{2, 300, true}>(200));
  CHECK(softmax_agrees<double, softmax_shape{2, 21, true}>(6));
}

TEST_CASE("log softmax of a row with NaN or infinity is NaN", "[kernels][softmax]") {
  block<float> x = random_block<float>(2 * 21, 64);
  x[4] = std::numeric_limits<float>::infinity();
  x[21 + 20] = std::numeric_limits<float>::quiet_NaN();
  auto const y = run_softmax<float, softmax_shape{2, 21, true}>(x);
  for (long i = 0; i < 42; ++i) CHECK(std::isnan(y.values[static_cast<std::size_t>(i)]));
}

TEST_CASE("log softmax is minus infinity where the input is", "[kernels][softmax]") {
  block<float> x = random_block<float>(21, 65);
  x[7] = -std::numeric_limits<float>::infinity();
  auto const y = run_softmax<float, softmax_shape{1, 21, true}>(x);
  for (long i = 0; i < 21; ++i) CHECK(std::isinf(y(0, i)) == (i == 7));
}
