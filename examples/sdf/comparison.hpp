#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include <etch/eager/executor.hpp>

#include "sdf/sdf_model.hpp"
#include "support/allocations.hpp"

namespace sdf {

/// One way of running the net: what a call takes.
struct measured {
  std::string name;
  double call_us = 0;             ///< median
  std::size_t working_bytes = 0;  ///< besides the weights
  std::size_t weights_bytes = 0;
  std::size_t allocations = 0;  ///< in a call
  std::vector<float> distances{};
};

namespace detail {

using points_of_a_call = std::array<float, 3 * static_cast<std::size_t>(points_per_call)>;

/// Points all over the field's cube, the same in every run.
inline points_of_a_call scattered_points() {
  points_of_a_call points{};
  unsigned state = 1;
  for (float& each : points) {
    state = state * 1664525u + 1013904223u;
    each = (static_cast<float>(state >> 8) / 0x1p23f - 1.0f) * 1.1f;
  }
  return points;
}

/// Calls `run` often, and notes what a call takes.
template <class Run>
void measure(measured& into, Run&& run, int calls) {
  auto const points = scattered_points();
  auto const first = run(points);
  into.distances.assign(first.begin(), first.end());

  support::allocations::reset_peak();
  auto const before = support::allocations::now();
  run(points);
  auto const after = support::allocations::now();
  into.allocations = after.count - before.count;
  into.working_bytes += after.peak_bytes - before.live_bytes;

  std::vector<double> took;
  took.reserve(static_cast<std::size_t>(calls));
  for (int i = 0; i < calls; ++i) {
    auto const start = std::chrono::steady_clock::now();
    run(points);
    auto const time = std::chrono::steady_clock::now() - start;
    took.push_back(std::chrono::duration<double, std::micro>(time).count());
  }
  std::nth_element(took.begin(), took.begin() + calls / 2, took.end());
  into.call_us = took[static_cast<std::size_t>(calls / 2)];
}

inline float largest_difference(measured const& a, measured const& b) {
  float most = 0;
  for (std::size_t i = 0; i < a.distances.size(); ++i)
    most = std::max(most, std::abs(a.distances[i] - b.distances[i]));
  return most;
}

}  // namespace detail

/// The net op by op, as it is written.
inline measured measure_eager(etch::safetensors const& file) {
  etch::eager::executor<DistanceNet> run(file);
  measured result;
  result.name = "eager, " + std::string(to_string(etch::compiled_isa));
  for (auto const& tensor : file.tensors()) result.weights_bytes += tensor.data.size();
  detail::measure(result, run, 51);
  return result;
}

/// The compiled net for an instruction set; nothing if the program or the processor lacks it.
inline std::optional<measured> measure_compiled(etch::safetensors const& file, etch::isa set) {
  auto const weights = etch::weights<DistanceNet>::from(file, {.set = set});
  if (!weights) return std::nullopt;
  etch::session<DistanceNet> run(*weights);
  measured result;
  result.name = "compiled, " + std::string(to_string(set));
  result.working_bytes = static_cast<std::size_t>(DistanceNet::memory().workspace_bytes);
  result.weights_bytes = static_cast<std::size_t>(DistanceNet::memory().weights_bytes);
  detail::measure(result, run, 201);
  return result;
}

/// A table of the net op by op and of the compiled one, for each instruction set that runs here.
inline void print_comparison(etch::safetensors const& file) {
  measured const eager = measure_eager(file);
  std::vector<measured> rows{eager};
  for (etch::isa set : {etch::isa::sse4_2, etch::isa::avx2, etch::isa::avx512})
    if (auto row = measure_compiled(file, set)) rows.push_back(*std::move(row));

  std::printf("%d points a call, median of many calls on one thread:\n\n", points_per_call);
  std::printf("%-18s %10s %9s %10s %11s %12s %12s\n", "", "us a call", "ns/point", "working KB",
              "weights KB", "allocations", "difference");
  for (measured const& row : rows) {
    std::printf("%-18s %10.1f %9.1f %10.1f %11.1f ", row.name.c_str(), row.call_us,
                row.call_us * 1e3 / points_per_call, static_cast<double>(row.working_bytes) / 1024,
                static_cast<double>(row.weights_bytes) / 1024);
    if (support::allocations::counted)
      std::printf("%12zu ", row.allocations);
    else
      std::printf("%12s ", "not counted");
    if (&row == rows.data())
      std::printf("%12s\n", "");
    else
      std::printf("%12.2g\n", static_cast<double>(detail::largest_difference(row, eager)));
  }
  std::printf(
      "\nEager is Eigen, one operator at a time, built for the instruction set of this program; "
      "the\n"
      "difference is the largest one between its distances and those of the row.\n");
}

}  // namespace sdf
