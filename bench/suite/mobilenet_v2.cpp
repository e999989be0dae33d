#include "models/mobilenet_v2.hpp"
#include "families.hpp"

namespace bench {
namespace {

constexpr models::mobilenet_v2 net{};

}  // namespace

std::vector<workload> mobilenet_v2_workloads() { return {workload_of<net>("w9_mobilenetv2", 1)}; }

}  // namespace bench
