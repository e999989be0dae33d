#include <etch/kernels/layer_norm.hpp>

#include "kernels/kernel_test.hpp"

using namespace kernel_test;
using etch::kernels::layer_norm_shape;

namespace {

template <class T>
struct norm_operands {
  block<T> x, gamma, beta;
  T eps = T(1) / T(1024);

  norm_operands(long rows, long n)
      : x(random_block<T>(rows * n, 51)),
        gamma(random_block<T>(n, 52)),
        beta(random_block<T>(n, 53)) {}
};

template <class T, layer_norm_shape S>
recorder<T> run(norm_operands<T> const& of) {
  recorder<T> y(S.rows, S.n);
  etch::kernels::layer_norm<T, S>(of.x.data(), S.gamma ? of.gamma.data() : nullptr,
                                  S.beta ? of.beta.data() : nullptr, of.eps, y.in());
  return y;
}

template <class T, layer_norm_shape S>
bool agrees_with_definition() {
  norm_operands<T> const of(S.rows, S.n);
  recorder<T> const y = run<T, S>(of);
  if (!y.complete()) return false;
  for (long r = 0; r < S.rows; ++r) {
    auto const x = [&](long i) { return static_cast<double>(of.x[r * S.n + i]); };
    double mean = 0, variance = 0;
    for (long i = 0; i < S.n; ++i) mean += S.rms ? 0.0 : x(i) / static_cast<double>(S.n);
    for (long i = 0; i < S.n; ++i)
      variance += (x(i) - mean) * (x(i) - mean) / static_cast<double>(S.n);
    double const scale = 1 / std::sqrt(variance + static_cast<double>(of.eps));
    for (long i = 0; i < S.n; ++i) {
      double expected = (x(i) - mean) * scale;
      if (S.gamma) expected *= static_cast<double>(of.gamma[i]);
      if (S.beta) expected += static_cast<double>(of.beta[i]);
      // |x| <= 1: every partial result is at most scale or 1
      double const bound = 16 * std::numeric_limits<T>::epsilon() * (scale + 1);
      if (std::fabs(static_cast<double>(y(r, i)) - expected) > bound) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("layer_norm agrees with its definition", "[kernels][layer_norm]") {
  CHECK(agrees_with_definition<float, layer_norm_shape{3, 100, false, true, true}>());
  CHECK(agrees_with_definition<float, layer_norm_shape{2, 768, false, true, false}>());
  CHECK(agrees_with_definition<float, layer_norm_shape{2, 33, false, false, true}>());
  CHECK(agrees_with_definition<float, layer_norm_shape{2, 64, false, false, false}>());
  CHECK(agrees_with_definition<double, layer_norm_shape{2, 41, false, true, true}>());
}

TEST_CASE("layer_norm without a mean divides by the root mean square", "[kernels][layer_norm]") {
  CHECK(agrees_with_definition<float, layer_norm_shape{3, 100, true, true, false}>());
  CHECK(agrees_with_definition<float, layer_norm_shape{2, 48, true, true, true}>());
  CHECK(agrees_with_definition<double, layer_norm_shape{2, 19, true, false, false}>());
}

TEST_CASE("layer_norm takes every length of a row", "[kernels][layer_norm]") {
  for_each_of<1, 17>([]<int N>() {
    CAPTURE(N);
    CHECK(agrees_with_definition<float, layer_norm_shape{2, N, false, true, true}>());
  });
}

TEST_CASE("layer_norm does not lose a small variance beside a large mean",
          "[kernels][layer_norm]") {
  // the mean of the squares minus the square of the mean would be 0 or negative here
  constexpr layer_norm_shape s{1, 32, false, false, false};
  norm_operands<float> of(1, 32);
  of.eps = 0;
  for (long i = 0; i < 32; ++i) of.x[i] = i % 2 ? 4097.0f : 4095.0f;
  auto const y = run<float, s>(of);
  for (long i = 0; i < 32; ++i) CHECK(y(0, i) == (i % 2 ? 1.0f : -1.0f));
}

TEST_CASE("layer_norm keeps NaN in its row", "[kernels][layer_norm]") {
  constexpr layer_norm_shape s{3, 20, false, true, true};
  norm_operands<float> of(3, 20);
  of.x[25] = std::numeric_limits<float>::quiet_NaN();
  auto const y = run<float, s>(of);
  for (long r = 0; r < 3; ++r)
    for (long i = 0; i < 20; ++i) CHECK(std::isnan(y(r, i)) == (r == 1));
}

TEST_CASE("layer_norm gives a row alone the bits of that row in a batch", "[kernels][layer_norm]") {
  norm_operands<float> all(4, 77);
  auto const batch = run<float, layer_norm_shape{4, 77, false, true, true}>(all);
  norm_operands<float> one(1, 77);
  std::copy_n(all.x.data() + 2 * 77, 77, one.x.data());
  auto const row = run<float, layer_norm_shape{1, 77, false, true, true}>(one);
  CHECK(same_bits(row.values.data(), batch.values.data() + 2 * 77, 77));
}
