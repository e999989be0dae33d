#pragma once

#include <type_traits>

#include "etch/core/isa.hpp"

namespace etch::kernels {

/// Numbers [begin, end).
struct interval {
  long begin, end;
  ETCH_INLINE constexpr bool holds(long i) const noexcept { return begin <= i && i < end; }
};

/// What a call of a kernel does of its independent work: all of it. Kernels take this or a `share`
/// as their last argument and ask it which of n equal pieces are theirs. Who does a piece changes
/// nothing in its arithmetic.
struct whole {
  static ETCH_INLINE constexpr interval of(long n) noexcept { return {0, n}; }
};

/// Part `part` of `parts`, for as many calls on as many threads.
struct share {
  int part = 0;
  int parts = 1;
  ETCH_INLINE constexpr interval of(long n) const noexcept {
    if (parts == 1) return {0, n};
    return {n * part / parts, n * (part + 1) / parts};
  }
};

/// The first `rows` of the `most` rows that the sizes of a kernel are made for: of n pieces, of
/// which each row has as many, those of these rows. Nothing else is read or written.
struct leading {
  long rows;
  long most;
  ETCH_INLINE constexpr interval of(long n) const noexcept { return {0, n * rows / most}; }
};

template <class Share>
inline constexpr bool is_leading = std::is_same_v<Share, leading>;

}  // namespace etch::kernels
