#include "families.hpp"
#include "models/resnet.hpp"

namespace bench {
namespace {

constexpr models::resnet<models::block_kind::bottleneck, 3, 4, 6, 3> net{};

}  // namespace

std::vector<workload> resnet50_workloads() { return {also_fast<net>("w9_resnet50", 1)}; }

}  // namespace bench
