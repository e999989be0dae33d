#pragma once

#include <vector>

#include "workload.hpp"

namespace bench {

// Each family is a file of its own, so that they compile apart.
std::vector<workload> mlp_workloads();
std::vector<workload> tiny_workloads();
std::vector<workload> resnet18_workloads();
std::vector<workload> resnet50_workloads();
std::vector<workload> mobilenet_v2_workloads();
std::vector<workload> bert_tiny_workloads();
std::vector<workload> minilm_workloads();
std::vector<workload> elementwise_workloads();
std::vector<workload> gemm_workloads();
std::vector<workload> control_workloads();
std::vector<workload> gravity_wave_workloads();
std::vector<workload> deep_and_wide_workloads();
std::vector<workload> attention_workloads();
std::vector<workload> recurrent_workloads();
std::vector<workload> streaming_workloads();
std::vector<workload> decoder_workloads();

/// All of them, in the order of the table.
inline std::vector<workload> all_workloads() {
  std::vector<workload> all;
  for (auto const family :
       {mlp_workloads, tiny_workloads, resnet18_workloads, resnet50_workloads,
        mobilenet_v2_workloads, bert_tiny_workloads, minilm_workloads, elementwise_workloads,
        gemm_workloads, control_workloads, gravity_wave_workloads, deep_and_wide_workloads,
        attention_workloads, recurrent_workloads, streaming_workloads, decoder_workloads}) {
    for (workload const& each : family()) all.push_back(each);
  }
  return all;
}

}  // namespace bench
