#include "families.hpp"
#include "models/encoder.hpp"

namespace bench {
namespace {

constexpr models::encoder<models::encoder_size{
    .layers = 6, .width = 384, .heads = 12, .hidden = 1536, .positions = 128}>
    net{};

}  // namespace

std::vector<workload> minilm_workloads() { return {workload_of<net>("w10_minilm", 1)}; }

}  // namespace bench
