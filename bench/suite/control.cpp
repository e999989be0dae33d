// Small nets inside of other programs: characters, robots, triggers, renderers.
#include "families.hpp"
#include "models/mlp.hpp"

namespace bench {
namespace {

using models::activation;

// Learned motion matching: from features to poses, from one frame to the next, from a wish to
// features.
template <int Batch>
constexpr models::mlp<activation::relu, Batch, 59, 512, 338> decompressor{};
constexpr models::mlp<activation::relu, 1, 59, 512, 512, 59> stepper{};
constexpr models::mlp<activation::relu, 1, 27, 512, 512, 512, 512, 59> projector{};

// Policies that a robot asks in every turn of its control loop.
constexpr models::mlp<activation::elu, 1, 235, 512, 256, 128, 12> legged_actor{};
constexpr models::mlp<activation::tanh, 1, 18, 64, 64, 4> quadrotor{};

// Which particle began a jet, as the trigger of a collider asks.
constexpr models::classifier<activation::relu, 1, 16, 64, 32, 32, 5> jet_tagger{};

// Colours of the sample points of a picture's tile.
constexpr int points = 1 << 14;
constexpr models::mlp<activation::relu, points, 32, 64, 64, 3> radiance_field{};

}  // namespace

std::vector<workload> control_workloads() {
  return {workload_of<decompressor<1>>("decompressor_b1", 1),
          workload_of<decompressor<4>>("decompressor_b4", 4),
          workload_of<decompressor<16>>("decompressor_b16", 16),
          workload_of<decompressor<64>>("decompressor_b64", 64),
          workload_of<decompressor<256>>("decompressor_b256", 256),
          workload_of<stepper>("stepper", 1),
          workload_of<projector>("projector", 1),
          workload_of<legged_actor>("legged_actor", 1),
          workload_of<quadrotor>("quadrotor", 1),
          workload_of<jet_tagger>("jet_tagger", 1),
          workload_of<radiance_field>("radiance_field", points)};
}

}  // namespace bench
