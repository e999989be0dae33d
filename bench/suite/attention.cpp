#include "models/attention.hpp"
#include "families.hpp"

namespace bench {
namespace {

template <int Positions>
constexpr models::attention<8, Positions, 64> net{};

}  // namespace

std::vector<workload> attention_workloads() {
  return {workload_of<net<128>>("attention128", 1), workload_of<net<1024>>("attention1024", 1)};
}

}  // namespace bench
