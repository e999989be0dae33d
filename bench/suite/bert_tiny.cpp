#include "families.hpp"
#include "models/encoder.hpp"

namespace bench {
namespace {

constexpr models::encoder<models::encoder_size{
    .layers = 2, .width = 128, .heads = 2, .hidden = 512, .positions = 128}>
    net{};

}  // namespace

std::vector<workload> bert_tiny_workloads() { return {workload_of<net>("w10_berttiny", 1)}; }

}  // namespace bench
