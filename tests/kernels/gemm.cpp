#include <etch/kernels/gemm.hpp>

#include "kernels/gemm_case.hpp"

using namespace kernel_test;
using etch::kernels::gemm_k_split;
using etch::kernels::gemm_shape;

TEST_CASE("gemm is the product of its matrices for every tail of columns", "[kernels][gemm]") {
  for_each_of<1, 17>([]<int N>() {
    CAPTURE(N);
    CHECK(gemm_is_the_product<float, gemm_of<float>(3, N, 9)>());
  });
  for_each_of<1, 9>([]<int N>() {
    CAPTURE(N);
    CHECK(gemm_is_the_product<double, gemm_of<double>(2, N, 11)>());
  });
}

TEST_CASE("gemm is the product of its matrices for every number of rows", "[kernels][gemm]") {
  for_each_of<1, 15>([]<int M>() {
    CAPTURE(M);
    CHECK(gemm_is_the_product<float, gemm_of<float>(M, 35, 6)>());
  });
}

TEST_CASE("gemm is the product of its matrices for every remainder of the chains",
          "[kernels][gemm]") {
  for_each_of<1, 9>([]<int K>() {
    CAPTURE(K);
    CHECK(gemm_is_the_product<float, gemm_shape{1, 5, K, K, 8, true}>());
    CHECK(gemm_is_the_product<float, gemm_shape{27, 5, K, K, 4, true}>());
  });
}

TEST_CASE("gemm takes large matrices, a row stride and no bias", "[kernels][gemm]") {
  CHECK(gemm_is_the_product<float, gemm_of<float>(1, 1, 1)>());
  CHECK(gemm_is_the_product<float, gemm_of<float>(1, 200, 300)>());
  CHECK(gemm_is_the_product<float, gemm_of<float>(70, 130, 65, false, 3)>());
  CHECK(gemm_is_the_product<float, gemm_of<float>(40, 10, 200, true, 1)>());
  CHECK(gemm_is_the_product<double, gemm_of<double>(33, 41, 50, true, 2)>());
  CHECK(gemm_is_the_product<double, gemm_of<double>(1, 20, 64, false)>());
}

TEST_CASE("gemm blocks the rows of a matrix larger than the cache", "[kernels][gemm]") {
  CHECK(gemm_is_the_product<float, gemm_of<float>(150, 33, 2100)>());
}

TEST_CASE("gemm keeps a short panel in registers, for many rows", "[kernels][gemm]") {
  for_each_of<2, 18>([]<int K>() {
    CAPTURE(K);
    CHECK(gemm_is_the_product<float, gemm_of<float>(33, 16, K)>());
    CHECK(gemm_is_the_product<float, gemm_of<float>(40, 3, K, false, 2)>());
    CHECK(gemm_is_the_product<double, gemm_of<double>(30, 7, K)>());
  });
  using etch::kernels::product_shape;
  constexpr product_shape few{16, 16, 16, 16, 4, false, {16, 256}, true};
  constexpr product_shape long_panel{64, 16, 64, 64, 8, false, {16, 1024}, true};
  using wide = etch::simd::arch_t<etch::isa::avx512>;
  if constexpr (etch::compiled_isa == etch::isa::avx512) {
    STATIC_REQUIRE(etch::kernels::rows_beside_panel<float, wide>(few) == 3);
    STATIC_REQUIRE(etch::kernels::rows_beside_panel<float, wide>(long_panel) == 0);
  }
}

TEST_CASE("gemm_k_split gives a single row independent sums", "[kernels][gemm]") {
  STATIC_REQUIRE(gemm_k_split<float>(10, 512) == 8);
  STATIC_REQUIRE(gemm_k_split<float>(1, 1) == 1);
  STATIC_REQUIRE(gemm_k_split<float>(512, 512) == 1);
  STATIC_REQUIRE(gemm_k_split<double>(10, 512) == 4);
}

TEST_CASE("gemm starts from the bias and keeps the order of its chains", "[kernels][gemm]") {
  // 2^30 swallows a 1 in float: each result names the order that gives it
  constexpr float big = 1073741824.0f;
  block<float> a(4), bias(1);
  block<float> b(4);
  for (long i = 0; i < 4; ++i) a[i] = 1;
  b[0] = 1, b[1] = big, b[2] = 1, b[3] = -big;
  bias[0] = 0;
  auto const run = [&]<int Split>() {
    recorder<float> c(1, 1);
    block<float> const packed = packed_panels(b, 1, 4);
    block<float> const start = packed_bias(bias);
    etch::kernels::gemm<float, gemm_shape{1, 1, 4, 4, Split, true}>(a.data(), packed.data(),
                                                                    start.data(), c.in());
    return c(0, 0);
  };
  CHECK(run.operator()<1>() == 0.0f);
  CHECK(run.operator()<2>() == 2.0f);
  bias[0] = -1;
  CHECK(run.operator()<2>() == 1.0f);
}

TEST_CASE("gemm keeps NaN and infinity in their row and column", "[kernels][gemm]") {
  constexpr gemm_shape s = gemm_of<float>(5, 19, 12);
  product_operands<float> x(5, 19, 12, 12);
  x.a[2 * 12 + 5] = std::numeric_limits<float>::quiet_NaN();
  x.b[7 * 19 + 18] = std::numeric_limits<float>::infinity();
  auto const c = run_gemm<float, s>(x);
  for (long i = 0; i < 5; ++i)
    for (long j = 0; j < 19; ++j) {
      CAPTURE(i, j);
      CHECK(std::isnan(c(i, j)) == (i == 2));
      if (i != 2) CHECK(std::isinf(c(i, j)) == (j == 18));
    }
}
