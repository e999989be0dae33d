#pragma once

#include <cinttypes>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <span>
#include <string>

namespace etch_test {

/// FNV-1a over the bits: equal for equal outputs, to be compared between builds by eye or script.
inline std::uint64_t hash_of(std::span<float const> values) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (float value : values) {
    unsigned char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    for (unsigned char byte : bytes) hash = (hash ^ byte) * 0x100000001b3u;
  }
  return hash;
}

/// The largest difference; infinite for a NaN, or where one is longer.
inline double largest_error(std::span<float const> found, std::span<float const> expected) {
  if (found.size() != expected.size()) return std::numeric_limits<double>::infinity();
  double worst = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    double const error =
        std::fabs(static_cast<double>(found[i]) - static_cast<double>(expected[i]));
    if (std::isnan(error)) return std::numeric_limits<double>::infinity();
    if (error > worst) worst = error;
  }
  return worst;
}

/// One line for the log, whatever the outcome.
inline void report(std::string const& net, std::string const& executor, double error,
                   double tolerance, std::span<float const> outputs) {
  std::printf("%-24s %-16s largest error %-12.4g tolerance %-10.4g bits %016" PRIx64 "\n",
              net.c_str(), executor.c_str(), error, tolerance, hash_of(outputs));
  std::fflush(stdout);
}

}  // namespace etch_test
