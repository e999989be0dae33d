#pragma once

#include <cstddef>

namespace etch::lower {

/// What a run works on. All blocks are aligned to 64 bytes.
struct memory {
  std::byte* workspace = nullptr;
  std::byte const* weights = nullptr;
  void const* const* inputs = nullptr;
  /// Runs a step without a vector kernel: plain loops that are built once, for the base line.
  void (*run_reference)(int step, void* out, void const* const* in) = nullptr;
};

}  // namespace etch::lower
