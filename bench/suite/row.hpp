#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

/// What was measured of one way to run a workload: "etch", "etch fast", "instances", "eager" or
/// "libtorch".
struct row {
  std::string workload;
  std::string_view variant;
  int batch = 1;
  double p50_ns = 0, p99_ns = 0, p999_ns = 0, min_ns = 0;  ///< of single calls
  double batched_ns = 0;           ///< of a call among 64, one behind the other; 0 for longer calls
  double first_call_ns = 0;        ///< of a fresh session, behind other vector work
  std::size_t calls = 0;           ///< that were timed
  std::size_t allocations = 0;     ///< in one call
  std::int64_t flops = 0;          ///< of products, a multiply-add as two
  std::int64_t bytes = 0;          ///< parameters, inputs and outputs, each once
  std::int64_t working_bytes = 0;  ///< packed weights, workspace and inputs
  double floor_ns = 0;
  double peak_gflops = 0;  ///< of the core right behind the timed calls
  std::string_view bound;  ///< what sets the floor
  double max_error =
      0;  ///< largest difference from eager in the second call, relative to its largest number

  double gflops() const noexcept { return static_cast<double>(flops) / p50_ns; }
  double efficiency() const noexcept { return floor_ns / p50_ns; }
};

}  // namespace bench
