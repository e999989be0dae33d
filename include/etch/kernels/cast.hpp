#pragma once

#include <limits>
#include <type_traits>

#include "etch/core/isa.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

namespace detail {

/// static_cast<To>(x) with an answer for every x, and without a branch.
template <class To, class From>
ETCH_INLINE To cast_one(From x) noexcept {
  if constexpr (std::is_same_v<To, bool>) {
    return x != From(0);
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    constexpr To least = std::numeric_limits<To>::min();
    constexpr To most = std::numeric_limits<To>::max();
    // 2^digits, the first value that is too large, is exact in From; `most` may not be
    constexpr From limit = From(2) * static_cast<From>(most / 2 + 1);
    From const from_below = x < static_cast<From>(least) ? static_cast<From>(least) : x;
    From const inside = from_below < limit ? from_below : From(0);  // NaN too
    To const y = static_cast<To>(inside);
    return x >= limit ? most : y;
  } else {
    return static_cast<To>(x);
  }
}

}  // namespace detail

/// to[i] = static_cast<To>(from[i]) for n elements.
/// layout    contiguous; to and from apart, or the same address when the sizes are equal
/// numerics  to floating point: rounded to nearest; floating to integer: truncated, beyond the
/// range
///           the nearest value of the range, NaN gives 0; integer to narrower integer: modulo
///           2^bits; to bool: x != 0, so NaN gives true
/// source    ONNX Cast-13, with a value where it leaves one open
template <class To, class From>
void cast(From const* from, To* to, long n) noexcept {
  constexpr long block = 16;  // a fixed length, so that the compiler makes vectors of it
  long i = 0;
  for (; i + block <= n; i += block) {
    To y[block];
    for (long j = 0; j < block; ++j) y[j] = detail::cast_one<To>(from[i + j]);
    for (long j = 0; j < block; ++j) to[i + j] = y[j];
  }
  for (; i < n; ++i) to[i] = detail::cast_one<To>(from[i]);
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
