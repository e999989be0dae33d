#include "models/mlp.hpp"
#include "families.hpp"

namespace bench {
namespace {

using models::activation;

constexpr models::mlp<activation::tanh, 1, 16, 64, 64, 8> w1{};
template <int Batch>
constexpr models::mlp<activation::relu, Batch, 64, 256, 256, 256, 32> w2{};
template <int Batch>
constexpr models::classifier<activation::relu, Batch, 784, 512, 512, 10> w3{};
constexpr models::mlp<activation::relu, 4096, 32, 64, 64, 64, 16> w4{};

}  // namespace

std::vector<workload> mlp_workloads() {
  return {workload_of<w1>("w1_mlp_tanh", 1),       workload_of<w2<1>>("w2_mlp_b1", 1),
          workload_of<w2<64>>("w2_mlp_b64", 64),   workload_of<w3<1>>("w3_mnist_b1", 1),
          workload_of<w3<32>>("w3_mnist_b32", 32), workload_of<w3<256>>("w3_mnist_b256", 256),
          workload_of<w4>("w4_mlp_b4096", 4096)};
}

}  // namespace bench
