#include "families.hpp"
#include "models/product.hpp"

namespace bench {
namespace {

template <int N>
constexpr models::product<N, N, N> gemm{};
template <int N>
constexpr models::product<1, N, N> gemv{};

}  // namespace

std::vector<workload> gemm_workloads() {
  return {workload_of<gemm<16>>("w13_gemm16", 16),       workload_of<gemm<32>>("w13_gemm32", 32),
          workload_of<gemm<64>>("w13_gemm64", 64),       workload_of<gemm<128>>("w13_gemm128", 128),
          workload_of<gemm<256>>("w13_gemm256", 256),    workload_of<gemm<512>>("w13_gemm512", 512),
          workload_of<gemm<1024>>("w13_gemm1024", 1024), workload_of<gemv<512>>("w13_gemv512", 1),
          workload_of<gemv<2048>>("w13_gemv2048", 1)};
}

}  // namespace bench
