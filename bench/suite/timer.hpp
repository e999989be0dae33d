#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace bench {

/// Reads a clock that is fine enough for one call of a small net. On x86-64 it is the time stamp
/// counter between two fences: nothing before the reading is still under way, nothing behind it
/// has begun. Elsewhere it is steady_clock.
class timer {
 public:
  /// Measures the clock itself; takes 50 ms.
  timer() : ns_per_tick_(calibrated()), overhead_(smallest_difference()) {}

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
    std::uint64_t const ticks = end - begin;
    return ns_per_tick_ * static_cast<double>(ticks > overhead_ ? ticks - overhead_ : 0);
  }

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

  static std::uint64_t smallest_difference() {
    std::uint64_t least = ~std::uint64_t{0};
    for (int i = 0; i < 10'000; ++i) {
      std::uint64_t const begin = now();
      least = std::min(least, now() - begin);
    }
    return least;
  }

  double ns_per_tick_;
  std::uint64_t overhead_;
};

}  // namespace bench
