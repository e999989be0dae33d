#include "kernels/gemm_case.hpp"

using namespace kernel_test;

namespace {

template <class T, long M, long N, long K>
void check_rows() {
  CAPTURE(M, N, K);
  product_operands<T> const all(M, N, K, K);
  auto const batch = run_gemm<T, gemm_of<T>(M, N, K)>(all);
  for (long i = 0; i < M; ++i) {
    product_operands<T> one(1, N, K, K);
    std::copy_n(all.a.data() + i * K, K, one.a.data());
    auto const row = run_gemm<T, gemm_of<T>(1, N, K)>(one);
    CHECK(same_bits(row.values.data(), batch.values.data() + i * N, N));
  }
}

}  // namespace

TEST_CASE("gemm gives a row alone the bits of that row in a batch", "[kernels][gemm]") {
  check_rows<float, 29, 10, 64>();
  check_rows<float, 13, 40, 37>();
  check_rows<float, 14, 130, 20>();
  check_rows<double, 9, 20, 70>();
}

TEST_CASE("gemm gives the same bits where a short panel stays in registers", "[kernels][gemm]") {
  for_each_of<1, 20>([]<int K>() {
    check_rows<float, 33, 16, K>();
    check_rows<float, 26, 5, K>();
    check_rows<double, 23, 8, K>();
  });
}
