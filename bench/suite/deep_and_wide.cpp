#include "models/deep_and_wide.hpp"
#include "families.hpp"

namespace bench {
namespace {

template <int Batch>
constexpr models::deep_and_wide<Batch> net{};

}  // namespace

std::vector<workload> deep_and_wide_workloads() {
  return {workload_of<net<1>>("deep_and_wide_b1", 1), workload_of<net<8>>("deep_and_wide_b8", 8),
          workload_of<net<20>>("deep_and_wide_b20", 20)};
}

}  // namespace bench
