#pragma once

#include <cstddef>

namespace support {

/// What a program that links allocations.cpp has taken from the heap by malloc and its kin, on
/// which operator new stands. It is counted with glibc, which lets a program define them.
struct allocations {
#if defined(__GLIBC__)
  static constexpr bool counted = true;
#else
  static constexpr bool counted = false;
#endif
  std::size_t count = 0;       ///< calls that returned memory
  std::size_t live_bytes = 0;  ///< taken and not yet given back
  std::size_t peak_bytes = 0;  ///< the most that was live since reset_peak

  static allocations now() noexcept;
  static void reset_peak() noexcept;
};

}  // namespace support
