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
  /// How many of n pieces there are.
  ETCH_INLINE constexpr long count(long n) const noexcept { return n * rows / most; }
  /// Which of those are this call's.
  static ETCH_INLINE constexpr whole part() noexcept { return {}; }
  ETCH_INLINE constexpr interval of(long n) const noexcept { return {0, count(n)}; }
};

/// A share of the same.
struct leading_share : leading {
  share among;
  ETCH_INLINE constexpr share part() const noexcept { return among; }
  ETCH_INLINE constexpr interval of(long n) const noexcept { return among.of(count(n)); }
};

ETCH_INLINE constexpr leading part_of(leading const& rows, whole) noexcept { return rows; }
ETCH_INLINE constexpr leading_share part_of(leading const& rows, share among) noexcept {
  return {rows, among};
}

/// The rows [first, last) of an image of `rows` rows: of n pieces, of which each row has as many,
/// those of these rows. Of the input only the rows that these need are read; others need not exist.
struct band {
  long first, last;
  long rows;
  ETCH_INLINE constexpr interval of(long n) const noexcept {
    return {n / rows * first, n / rows * last};
  }
};

template <class Share>
inline constexpr bool is_band = std::is_same_v<Share, band>;

template <class Share>
inline constexpr bool is_leading = std::is_base_of_v<leading, Share>;

}  // namespace etch::kernels
