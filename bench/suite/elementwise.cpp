#include "models/elementwise.hpp"
#include "families.hpp"

namespace bench {
namespace {

constexpr models::elementwise_chain<1 << 20> chain{};
constexpr models::rows_normalised<512, 768> normalised{};
constexpr models::rows_softmax<512, 512> softmax{};

}  // namespace

std::vector<workload> elementwise_workloads() {
  return {workload_of<chain>("w12_chain", 1), workload_of<normalised>("w12_layernorm", 512),
          workload_of<softmax>("w12_softmax", 512)};
}

}  // namespace bench
