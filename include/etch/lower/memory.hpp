#pragma once

#include <cstddef>
#include <cstdint>

namespace etch::lower {

/// One part of a step, for any thread.
using part_of_step = void (*)(void* step, int part) noexcept;

/// Threads that share a step, at most.
inline constexpr int most_parts = 256;

/// How large steps are split among threads; without `run` they are not.
struct splitter {
  void* executor = nullptr;
  int parts = 1;
  std::byte* scratch = nullptr;  ///< plan::scratch_bytes for each part but the first
  /// Calls work(step, part) once for each part in [0, parts) and returns when all are done.
  void (*run)(void* executor, int parts, part_of_step work, void* step) noexcept = nullptr;
};

/// What a run works on. All blocks are aligned to 64 bytes.
struct memory {
  std::byte* workspace = nullptr;
  std::byte const* weights = nullptr;
  void const* const* inputs = nullptr;
  /// Runs a step without a vector kernel: plain loops that are built once, for the base line.
  void (*run_reference)(int step, void* out, void const* const* in) = nullptr;
  splitter split{};
  std::byte* state = nullptr;
  int part = 0;  ///< of a streaming model: the number of the size of a block's part
  std::int64_t const* lengths = nullptr;  ///< those of plan::lengths in this call
};

}  // namespace etch::lower
