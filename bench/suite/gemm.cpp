#include "families.hpp"
#include "models/product.hpp"

namespace bench {
namespace {

template <int N>
constexpr models::product<N, N, N> gemm{};

}  // namespace

std::vector<workload> gemm_workloads() { return {workload_of<gemm<64>>("w13_gemm64", 64)}; }

}  // namespace bench
