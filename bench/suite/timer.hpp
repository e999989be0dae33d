#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "quantile.hpp"

namespace bench {

/// Reads a clock that is fine enough for one call of a small net. On x86-64 it is the time stamp
/// counter between two fences: nothing before the reading is still under way, nothing behind it
/// has begun. Elsewhere it is steady_clock.
class timer {
 public:
  /// Measures the clock itself; takes 50 ms.
  timer() : ns_per_tick_(calibrated()) {
    std::vector<double> ticks(10'000);
    for (double& each : ticks) {
      std::uint64_t const begin = now();
      each = static_cast<double>(now() - begin);
    }
    std::sort(ticks.begin(), ticks.end());
    step_ticks_ = smallest_step(ticks);
    overhead_ticks_ = quantile(ticks, 0.5, step_ticks_);
  }

  static std::uint64_t now() noexcept {
#if defined(__x86_64__)
    std::uint32_t low = 0, high = 0;
    asm volatile("lfence\n\trdtsc\n\tlfence" : "=a"(low), "=d"(high) : : "memory");
    return std::uint64_t{high} << 32 | low;
#else
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
  }

  /// Nanoseconds between two readings, without what the readings themselves take.
  double ns(std::uint64_t begin, std::uint64_t end) const noexcept {
    return ns_per_tick_ * std::max(0.0, static_cast<double>(end - begin) - overhead_ticks_);
  }

  /// From one value of the clock to the next: some counters advance by many ticks at a time.
  double step_ns() const noexcept { return ns_per_tick_ * step_ticks_; }

 private:
  using clock = std::chrono::steady_clock;

  static double calibrated() {
    auto const start = clock::now();
    std::uint64_t const first = now();
    while (clock::now() - start < std::chrono::milliseconds(50)) {
    }
    std::chrono::duration<double, std::nano> const took = clock::now() - start;
    return took.count() / static_cast<double>(now() - first);
  }

  double ns_per_tick_;
  double step_ticks_ = 0;
  double overhead_ticks_ = 0;
};

}  // namespace bench
