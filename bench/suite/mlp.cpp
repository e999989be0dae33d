#include "models/mlp.hpp"
#include "families.hpp"

namespace bench {
namespace {

using models::activation;

// A distortion effect's or a small controller's size.
constexpr models::mlp<activation::tanh, 1, 16, 64, 64, 8> w1{};

}  // namespace

std::vector<workload> mlp_workloads() { return {workload_of<w1>("w1_mlp_tanh", 1)}; }

}  // namespace bench
