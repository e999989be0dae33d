#pragma once

#include <vector>

#include "workload.hpp"

namespace bench {

// Each family is a file of its own, so that they compile apart.
std::vector<workload> mlp_workloads();
std::vector<workload> gemm_workloads();

/// All of them, in the order of the table.
inline std::vector<workload> all_workloads() {
  std::vector<workload> all;
  for (auto const family : {mlp_workloads, gemm_workloads}) {
    for (workload const& each : family()) all.push_back(each);
  }
  return all;
}

}  // namespace bench
