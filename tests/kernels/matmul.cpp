#include <etch/kernels/matmul.hpp>

#include "kernels/gemm_case.hpp"

using namespace kernel_test;
using etch::kernels::gemm_k_split;
using etch::kernels::gemm_shape;
using etch::kernels::matmul_shape;

namespace {

template <class T, long M, long N, long K, bool Bias = true>
void check_matmul() {
  CAPTURE(M, N, K);
  constexpr long lda = K + 3, ldb = N + 5;
  constexpr int split = gemm_k_split<T>(N, K);
  product_operands<T> const x(M, N, K, lda);
  block<T> b((K - 1) * ldb + N);
  for (long k = 0; k < K; ++k) std::copy_n(x.b.data() + k * N, N, b.data() + k * ldb);
  block<T> const bias = packed_bias(x.bias);
  recorder<T> c(M, N);
  etch::kernels::matmul<T, matmul_shape{M, N, K, lda, ldb, split, Bias}>(x.a.data(), b.data(),
                                                                         bias.data(), c.in());
  REQUIRE(c.complete());
  auto const packed = run_gemm<T, gemm_shape{M, N, K, lda, split, Bias}>(x);
  CHECK(same_bits(c.values.data(), packed.values.data(), M * N));
  CHECK(is_the_product(c, x, M, N, K, lda, Bias));

  recorder<T> again(M, N);
  constexpr matmul_shape s{M, N, K, lda, ldb, split, Bias};
  block<T> scratch(etch::kernels::matmul_scratch<T, s>(), 0);
  etch::kernels::matmul<T, s>(x.a.data(), b.data(), bias.data(), scratch.data(), again.in());
  REQUIRE(again.complete());
  CHECK(same_bits(again.values.data(), packed.values.data(), M * N));
}

}  // namespace

TEST_CASE("matmul gives the bits of gemm and reads nothing beyond its matrix",
          "[kernels][matmul]") {
  check_matmul<float, 1, 1, 1>();
  check_matmul<float, 1, 33, 19>();
  check_matmul<float, 1, 500, 6>();
  check_matmul<float, 30, 20, 1021>();  // rows 4096 bytes apart
  check_matmul<float, 20, 7, 40>();
  check_matmul<float, 17, 64, 9, false>();
  check_matmul<float, 5, 150, 12>();
  check_matmul<double, 6, 21, 33>();
}
