#include <etch/kernels/softmax.hpp>

#include "kernels/kernel_test.hpp"

using namespace kernel_test;
using etch::kernels::softmax_shape;

namespace {

template <class T, softmax_shape S>
recorder<T> run(block<T> const& x) {
  block<T> scratch(S.n);
  recorder<T> y(S.rows, S.n);
  etch::kernels::softmax<T, S>(x.data(), S.log ? nullptr : scratch.data(), y.in());
  return y;
}

template <class T, softmax_shape S>
bool agrees_with_definition(double spread) {
  block<T> x = random_block<T>(S.rows * S.n, 61);
  for (T& v : x) v *= static_cast<T>(spread);
  recorder<T> const y = run<T, S>(x);
  if (!y.complete()) return false;
  double const eps = std::numeric_limits<T>::epsilon();
  for (long r = 0; r < S.rows; ++r) {
    auto const at = [&](long i) { return static_cast<double>(x[r * S.n + i]); };
    double most = at(0), sum = 0;
    for (long i = 0; i < S.n; ++i) most = std::max(most, at(i));
    for (long i = 0; i < S.n; ++i) sum += std::exp(at(i) - most);
    for (long i = 0; i < S.n; ++i) {
      double const log = at(i) - most - std::log(sum);
      double const expected = S.log ? log : std::exp(log);
      // rounding x - most shifts the exponent by half an ulp of it
      double const slack = 16 + static_cast<double>(S.n) / 8 + std::fabs(at(i) - most);
      double const bound = eps * slack * (S.log ? 1.0 : expected) +
                           static_cast<double>(std::numeric_limits<T>::min());
      if (std::fabs(static_cast<double>(y(r, i)) - expected) > bound) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("softmax agrees with its definition", "[kernels][softmax]") {
  CHECK(agrees_with_definition<float, softmax_shape{3, 10, false}>(4));
  CHECK(agrees_with_definition<float, softmax_shape{2, 1000, false}>(8));
  CHECK(agrees_with_definition<float, softmax_shape{2, 64, false}>(80));
  CHECK(agrees_with_definition<double, softmax_shape{2, 37, false}>(6));
}

TEST_CASE("softmax takes every length of a row", "[kernels][softmax]") {
  for_each_of<1, 17>([]<int N>() {
    CAPTURE(N);
    CHECK(agrees_with_definition<float, softmax_shape{2, N, false}>(3));
  });
}

TEST_CASE("softmax does not overflow and forgets what is far below the maximum",
          "[kernels][softmax]") {
  block<float> x(20);
  for (float& v : x) v = -3e38f;
  x[3] = 3e38f;
  x[4] = -std::numeric_limits<float>::infinity();
  auto const y = run<float, softmax_shape{1, 20, false}>(x);
  for (long i = 0; i < 20; ++i) CHECK(y(0, i) == (i == 3 ? 1.0f : 0.0f));
}

TEST_CASE("softmax of a row with NaN or infinity, or of minus infinity alone, is NaN",
          "[kernels][softmax]") {
  block<float> x = random_block<float>(4 * 19, 62);
  float const infinity = std::numeric_limits<float>::infinity();
  x[5] = std::numeric_limits<float>::quiet_NaN();
  x[19 + 18] = infinity;
  for (long i = 0; i < 19; ++i) x[2 * 19 + i] = -infinity;
  auto const y = run<float, softmax_shape{4, 19, false}>(x);
  for (long i = 0; i < 19; ++i) {
    CHECK(std::isnan(y(0, i)));
    CHECK(std::isnan(y(1, i)));
    CHECK(std::isnan(y(2, i)));
    CHECK(std::isfinite(y(3, i)));
  }
}

TEST_CASE("softmax gives a row alone the bits of that row in a batch", "[kernels][softmax]") {
  block<float> const all = random_block<float>(3 * 131, 63);
  auto const batch = run<float, softmax_shape{3, 131, false}>(all);
  block<float> one(131, 5);
  std::copy_n(all.data() + 131, 131, one.data());
  auto const row = run<float, softmax_shape{1, 131, false}>(one);
  CHECK(same_bits(row.values.data(), batch.values.data() + 131, 131));
}
