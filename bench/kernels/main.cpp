// bench_kernels [REGEX]: single kernels at the sizes of shapes.hpp, those with REGEX in their name.
#include <cstdio>
#include <exception>
#include <regex>
#include <string>

#include "kernels.hpp"
#include "suite/limits.hpp"
#include "suite/measure.hpp"
#include "suite/processor.hpp"
#include "suite/report.hpp"
#include "suite/timer.hpp"

namespace {

constexpr double seconds = 0.1;

void print(bench::row const& r, bool is_double) {
  double const ns = r.batched_ns > 0 ? r.batched_ns : r.p50_ns;
  std::printf("%-36s %12.1f ", r.workload.c_str(), ns);
  if (r.flops > 0)
    std::printf("%9.1f ", static_cast<double>(r.flops) / ns);
  else
    std::printf("%9s ", "-");
  std::printf("%9.1f %7.1f%% %-8s %9.1e%s\n", static_cast<double>(r.bytes) / ns,
              100 * r.floor_ns / ns, std::string(r.bound).c_str(), r.max_error,
              r.max_error <= bench::most_error(is_double) ? "" : "  WRONG");
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) try {
  if (count > 2 || (count == 2 && std::string(arguments[1]).starts_with("--"))) {
    std::fputs("usage: bench_kernels [REGEX]\n", stderr);
    return 2;
  }
  std::regex const wanted(count == 2 ? arguments[1] : "");
  bench::claim_core();
  bench::timer const clock;
  bench::limits const here = bench::measure_limits(clock);
  std::printf("%s\n%-36s %12s %9s %9s %8s %-8s %9s\n", bench::limits_text(here).c_str(), "kernel",
              "ns", "GFLOP/s", "GB/s", "of best", "bound", "error");
  for (auto const family : {bench::gemm_kernels, bench::conv2d_kernels, bench::depthwise_kernels,
                            bench::row_kernels, bench::math_kernels}) {
    for (bench::workload const& each : family()) {
      if (!std::regex_search(each.name, wanted)) continue;
      print(bench::measure(each, here, clock, seconds).front(), each.is_double);
    }
  }
  return 0;
} catch (std::exception const& why) {
  std::fprintf(stderr, "etch: bench: %s\n", why.what());
  return 2;
}
