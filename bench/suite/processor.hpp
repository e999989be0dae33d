#pragma once

#include <cstddef>
#include <string>

namespace bench {

/// Keeps the thread on the core that it is on, and raises its priority where that is permitted.
void claim_core() noexcept;

/// "model name" of /proc/cpuinfo, or "unknown".
std::string processor_name();

/// The compiler and its version.
std::string compiler_name();

/// Sizes of the caches that one core reads through.
struct cache_sizes {
  std::size_t l1 = 32u << 10;
  std::size_t l2 = 1u << 20;
  std::size_t l3 = 24u << 20;
};

/// What the system says of them; the defaults where it does not.
cache_sizes caches() noexcept;

}  // namespace bench
