#include "families.hpp"
#include "models/resnet.hpp"

namespace bench {
namespace {

constexpr models::resnet<models::block_kind::basic, 2, 2, 2, 2> net{};

}  // namespace

std::vector<workload> resnet18_workloads() { return {also_fast<net>("w9_resnet18", 1)}; }

}  // namespace bench
