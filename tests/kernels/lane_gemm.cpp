#include <etch/kernels/gemm.hpp>
#include <etch/kernels/lane_conv2d.hpp>
#include <etch/kernels/lane_gemm.hpp>

#include "kernels/conv2d_case.hpp"

using namespace kernel_test;
using etch::kernels::lane_gemm_shape;

// Instances side by side: each of them has the bits of gemm, or of conv2d, on its own.

namespace {

template <class T>
constexpr long side = etch::simd::lanes_v<T>;

/// from[i][j] of n rows, as to[j][i].
template <class T>
block<T> turned(T const* from, long n, long m) {
  block<T> to(n * m, 0);
  for (long i = 0; i < n; ++i)
    for (long j = 0; j < m; ++j) to[j * n + i] = from[i * m + j];
  return to;
}

template <class T>
constexpr lane_gemm_shape lane_gemm_of(long rows, long n, long k, long lanes, bool bias, bool own) {
  return {rows, n, k, lanes, etch::kernels::gemm_k_split<T>(n, k), bias, own};
}

template <class T, lane_gemm_shape S>
bool each_instance_is_a_gemm() {
  constexpr long weights_of = S.own ? S.lanes : 1;
  constexpr long panels = (S.n + side<T> - 1) / side<T>;
  constexpr long packed_size = panels * S.k * side<T>, bias_size = panels * side<T>;
  block<T> const x = random_block<T>(S.lanes * S.rows * S.k, 3);  // [lanes][rows][k]
  block<T> w(weights_of * packed_size), bias(weights_of * bias_size);
  for (long i = 0; i < weights_of; ++i) {
    auto const seed = static_cast<std::uint64_t>(10 + i);
    block<T> const packed = packed_panels(random_block<T>(S.k * S.n, seed), S.n, S.k);
    block<T> const start = packed_bias(random_block<T>(S.n, 100 + seed));
    std::copy_n(packed.data(), packed_size, w.data() + i * packed_size);
    std::copy_n(start.data(), bias_size, bias.data() + i * bias_size);
  }
  recorder<T> together(S.rows * S.n, S.lanes);
  block<T> const wide = turned(x.data(), S.lanes, S.rows * S.k);
  block<T> const own_w = turned(w.data(), weights_of, packed_size),
                 own_bias = turned(bias.data(), weights_of, bias_size);
  etch::kernels::lane_gemm<T, S>(wide.data(), own_w.data(), S.bias ? own_bias.data() : nullptr,
                                 together.in());
  if (!together.complete()) return false;

  constexpr etch::kernels::gemm_shape alone{
      S.rows, S.n, S.k, S.k, etch::kernels::gemm_k_split<T>(S.n, S.k), S.bias};
  for (long i = 0; i < S.lanes; ++i) {
    recorder<T> one(S.rows, S.n);
    long const of = S.own ? i : 0;
    etch::kernels::gemm<T, alone>(x.data() + i * S.rows * S.k, w.data() + of * packed_size,
                                  bias.data() + of * bias_size, one.in());
    for (long row = 0; row < S.rows; ++row)
      for (long o = 0; o < S.n; ++o) {
        T const wanted = one(row, o), found = together(row * S.n + o, i);
        if (std::memcmp(&wanted, &found, sizeof(T)) != 0) return false;
      }
  }
  return true;
}

template <class T, long Rows, long N, long K, bool Bias>
bool instances_are_gemms() {
  return each_instance_is_a_gemm<T, lane_gemm_of<T>(Rows, N, K, 16, Bias, false)>() &&
         each_instance_is_a_gemm<T, lane_gemm_of<T>(Rows, N, K, 16, Bias, true)>();
}

/// Instances with weights in common.
template <class T, etch::kernels::conv2d_shape S>
bool each_instance_is_a_conv2d() {
  constexpr long lanes = 16;
  conv2d_case<T, S> one;
  block<T> packed(etch::kernels::packed_conv2d_size<T>(one.weight), 0);
  etch::kernels::pack_conv2d(one.w.data(), one.weight, etch::kernels::conv_order::oihw,
                             packed.data());
  block<T> const start = packed_bias(one.bias);
  block<T> const x = random_block<T>(lanes * one.in.size(), 5);  // [lanes][batch][h][w][c]
  block<T> const wide = turned(x.data(), lanes, one.in.size());
  recorder<T> together(S.batch * S.oh * S.ow * S.o, lanes);
  etch::kernels::lane_conv2d<T, S, lanes, false>(wide.data(), packed.data(), start.data(),
                                                 together.in());
  if (!together.complete()) return false;
  for (long i = 0; i < lanes; ++i) {
    std::copy_n(x.data() + i * one.in.size(), one.in.size(), one.in.data());
    recorder<T> const alone = one.run();
    for (std::size_t k = 0; k < alone.values.size(); ++k) {
      T const wanted = alone.values[k], found = together(static_cast<long>(k), i);
      if (std::memcmp(&wanted, &found, sizeof(T)) != 0) return false;
    }
  }
  return true;
}

/// Signals in rows (vertical: in columns, two of them), as long as the last window reaches.
constexpr etch::kernels::conv2d_shape signals_of(bool vertical, long out, long c, long o, int taps,
                                                 int stride, int dilation) {
  long const length = (out - 1) * stride + (taps - 1) * dilation + 1;
  etch::kernels::conv2d_shape s{2, 1,      length, c,        1, out, o, 1,   taps,
                                1, stride, 1,      dilation, 0, 0,   1, true};
  if (vertical) s = {2, length, 3, c, out, 3, o, taps, 1, stride, 1, dilation, 1, 0, 0, 1, true};
  return s;
}

}  // namespace

TEST_CASE("instances side by side have the bits of convolutions of signals",
          "[kernels][lane_gemm]") {
  CHECK(each_instance_is_a_conv2d<float, signals_of(false, 5, 8, 19, 3, 1, 2)>());
  CHECK(each_instance_is_a_conv2d<float, signals_of(false, 3, 16, 16, 4, 3, 1)>());
  CHECK(each_instance_is_a_conv2d<float, signals_of(false, 4, 5, 7, 1, 1, 1)>());
  CHECK(each_instance_is_a_conv2d<float, signals_of(true, 4, 6, 33, 3, 1, 3)>());
  CHECK(each_instance_is_a_conv2d<float, signals_of(true, 2, 4, 3, 2, 2, 1)>());
  CHECK(each_instance_is_a_conv2d<double, signals_of(false, 3, 3, 9, 2, 1, 1)>());
}

TEST_CASE("instances side by side have the bits of gemm for every tail of outputs",
          "[kernels][lane_gemm]") {
  for_each_of<1, 17>([]<int N>() {
    CAPTURE(N);
    CHECK(instances_are_gemms<float, 1, N, 9, true>());
  });
  for_each_of<1, 9>([]<int N>() {
    CAPTURE(N);
    CHECK(instances_are_gemms<double, 2, N, 5, true>());
  });
}

TEST_CASE("instances side by side have the bits of gemm for every remainder of the chains",
          "[kernels][lane_gemm]") {
  for_each_of<1, 9>([]<int K>() {
    CAPTURE(K);
    CHECK(instances_are_gemms<float, 2, 3, 4 * K, false>());
    CHECK(instances_are_gemms<float, 1, 21, K, true>());
  });
}

TEST_CASE("instances side by side take many outputs, terms and instances", "[kernels][lane_gemm]") {
  CHECK(instances_are_gemms<float, 3, 160, 70, true>());
  CHECK(instances_are_gemms<double, 1, 40, 33, false>());
  CHECK(each_instance_is_a_gemm<float, lane_gemm_of<float>(2, 27, 9, 48, true, false)>());
  CHECK(each_instance_is_a_gemm<float, lane_gemm_of<float>(2, 27, 9, 48, true, true)>());
}
