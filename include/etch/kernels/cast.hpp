#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "etch/core/isa.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {
namespace detail {

/// Floating to integer: the bounds between which a cast is defined, and what lies beyond.
template <class To, class From>
struct cast_range {
  static constexpr To most = std::numeric_limits<To>::max();
  static constexpr From least = static_cast<From>(std::numeric_limits<To>::min());
  // 2^digits, the first value that is too large, is exact in From; `most` may not be
  static constexpr From limit = From(2) * static_cast<From>(most / 2 + 1);
};

template <class To, class From>
inline constexpr bool saturates =
    std::is_floating_point_v<From>&& std::is_integral_v<To> && !std::is_same_v<To, bool>;

/// static_cast<To>(x) with an answer for every x.
template <class To, class From>
ETCH_INLINE To cast_one(From x) noexcept {
  if constexpr (std::is_same_v<To, bool>) {
    return x != From(0);
  } else if constexpr (saturates<To, From>) {
    using range = cast_range<To, From>;
    From const raised = x < range::least ? range::least : x;
    From const inside = raised < range::limit ? raised : From(0);  // NaN too
    To const y = static_cast<To>(inside);
    return x >= range::limit ? range::most : y;
  } else {
    return static_cast<To>(x);
  }
}

#if defined(__GNUC__)
template <class T>
struct sixteen {  // a bool is its byte
  using element = std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>;
  typedef element type __attribute__((vector_size(16 * sizeof(T))));
};

/// __builtin_convertvector in steps that gcc 12 has instructions for: integers below 32 bits double
/// their width, and meet floating point and narrowing at int32.
template <class Out, class In>
ETCH_INLINE void convert(In const& x, Out& y) noexcept {
  typedef std::int16_t half __attribute__((vector_size(32)));
  typedef std::int32_t full __attribute__((vector_size(64)));
  if constexpr (sizeof(In) < sizeof(half) && sizeof(Out) > sizeof(half))
    convert(__builtin_convertvector(x, half), y);
  else if constexpr ((sizeof(In) < sizeof(full)) != (sizeof(Out) < sizeof(full)))
    y = __builtin_convertvector(__builtin_convertvector(x, full), Out);
  else
    y = __builtin_convertvector(x, Out);
}

/// cast_one for 16 elements.
template <class To, class From>
ETCH_INLINE void cast_sixteen(From const* from, To* to) noexcept {
  using in = typename sixteen<From>::type;
  using out = typename sixteen<To>::type;
  in x;
  std::memcpy(&x, from, sizeof x);
  out y;
  if constexpr (std::is_same_v<To, bool>) {
    convert(x != 0, y);
    y = y & 1;
  } else if constexpr (saturates<To, From>) {
    using range = cast_range<To, From>;
    in const raised = x < range::least ? in{} + range::least : x;
    in const inside = raised < range::limit ? raised : in{};
    out large;
    convert(x >= range::limit, large);
    convert(inside, y);
    y = (y & ~large) | (large & range::most);
  } else {
    convert(x, y);
  }
  std::memcpy(to, &y, sizeof y);
}
#else
template <class To, class From>
ETCH_INLINE void cast_sixteen(From const* from, To* to) noexcept {
  To y[16];
  for (int i = 0; i < 16; ++i) y[i] = cast_one<To>(from[i]);
  std::memcpy(to, y, sizeof y);
}
#endif

}  // namespace detail

/// to[i] = static_cast<To>(from[i]) for n elements.
/// layout    contiguous; to and from apart, or the same address when the sizes are equal
/// numerics  to floating point: rounded to nearest; from it to an integer: truncated, the nearest
///           value of the range where it is beyond, 0 for NaN; integer to narrower integer: modulo
///           2^bits; to bool: x != 0, so NaN gives true
/// source    ONNX Cast-13, with a value where it leaves one open
template <class To, class From>
void cast(From const* from, To* to, long n) noexcept {
  long i = 0;
  for (; i + 16 <= n; i += 16) detail::cast_sixteen(from + i, to + i);
  for (; i < n; ++i) to[i] = detail::cast_one<To>(from[i]);
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
