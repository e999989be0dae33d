#include <iterator>

#include "kernels.hpp"

namespace bench {
namespace {

template <gemm_size S>
struct net_of {
  constexpr auto operator()(etch::tensor<float, S.m, S.k> x) const {
    return etch::linear<S.n>("fc", x);
  }
};
template <gemm_size S>
constexpr net_of<S> net{};

}  // namespace

std::vector<workload> gemm_kernels() {
  return for_each_size<std::size(gemm_sizes)>([](auto number) {
    constexpr gemm_size s = gemm_sizes[number];
    return workload_of<net<s>>("gemm " + numbers("x", s.m, s.k, s.n), s.m);
  });
}

}  // namespace bench
