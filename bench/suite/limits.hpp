#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "timer.hpp"

namespace bench {

/// A cache or the memory behind all caches.
struct memory_level {
  std::string_view name;
  std::size_t capacity_bytes = 0;  ///< what is counted on to stay in it
  double bytes_per_ns = 0;         ///< one core reading
};

/// What one core can do, with the instruction set that this program is compiled for.
struct limits {
  double peak_f32 = 0;  ///< flops per ns, a multiply-add as two
  double peak_f64 = 0;
  std::array<memory_level, 4> levels{};  ///< L1, L2, L3, DRAM
};

/// Measures them, each as the best of several short runs; takes about 2 s.
limits measure_limits(timer const& clock);

/// The same peak at this moment, in 5 ms: the clock of a shared machine comes and goes.
double peak_now(timer const& clock, bool is_double);

/// Some 20 us of multiply-adds, so that wide vector units that fell asleep are awake.
void wake_vector_units() noexcept;

/// What one call has to do, however it is done.
struct work {
  std::int64_t flops = 0;    ///< of matrix products and convolutions, a multiply-add as two
  bool is_double = false;    ///< they are products of doubles
  std::int64_t bytes = 0;    ///< parameters, inputs and outputs, each once
  std::int64_t working = 0;  ///< bytes that must stay near from call to call
};

/// The time that no implementation on this core can be below, and what sets it.
struct floor_time {
  double ns = 0;
  std::string_view bound;  ///< "compute" or the name of a memory level
};

/// The larger one of flops at the peak and of bytes at the speed of the level that the working set
/// fits in. A set that is larger than L2 still has L2's share of its bytes there.
floor_time floor_of(work const& of, limits const& here) noexcept;

}  // namespace bench
