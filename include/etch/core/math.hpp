#pragma once

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include "etch/core/isa.hpp"

/// etch::math: the functions that an op's `eval` may call, for scalars. Packs have the same names
/// in etch::simd, found by their arguments: write `using math::exp; exp(x)`.
/// numerics  select ... copysign are exact and usable in constant expressions; the others forward
/// to
///           <cmath> at run time, which makes them the independent reference of the packs
namespace etch::math {

template <class T>
concept scalar = std::is_arithmetic_v<T>;

template <scalar T>
ETCH_INLINE constexpr T select(bool where, T a, T b) noexcept {
  return where ? a : b;
}

template <scalar T>
ETCH_INLINE constexpr bool isnan(T x) noexcept {
  return x != x;
}

/// min, max: NaN if either operand is NaN; of -0 and +0 either.
template <scalar T>
ETCH_INLINE constexpr T min(T a, T b) noexcept {
  return a < b || isnan(a) ? a : b;
}
template <scalar T>
ETCH_INLINE constexpr T max(T a, T b) noexcept {
  return a > b || isnan(a) ? a : b;
}

/// relu(x): 0 where x < 0, else x; NaN stays NaN.
template <scalar T>
ETCH_INLINE constexpr T relu(T x) noexcept {
  return T(0) > x ? T(0) : x;
}

/// clamp(x, low, high): low where x < low, high where x > high, else x; NaN stays NaN.
template <scalar T>
ETCH_INLINE constexpr T clamp(T x, T low, T high) noexcept {
  return x < low ? low : x > high ? high : x;
}

/// copysign(magnitude, sign)
template <std::floating_point T>
ETCH_INLINE constexpr T copysign(T magnitude, T sign) noexcept {
  using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  constexpr bits sign_bit = bits{1} << (8 * sizeof(T) - 1);
  return std::bit_cast<T>((std::bit_cast<bits>(magnitude) & ~sign_bit) |
                          (std::bit_cast<bits>(sign) & sign_bit));
}

/// abs(x): integers wrap, abs(min) is min.
template <scalar T>
ETCH_INLINE constexpr T abs(T x) noexcept {
  if constexpr (std::floating_point<T>)
    return copysign(x, T(1));
  else
    return x < T(0) ? static_cast<T>(std::uint64_t{0} - static_cast<std::uint64_t>(x)) : x;
}

/// trunc(x): towards zero; integers are unchanged, here and in the roundings below.
template <scalar T>
ETCH_INLINE constexpr T trunc(T x) noexcept {
  if constexpr (std::floating_point<T>) {
    if (!std::is_constant_evaluated()) return std::trunc(x);
    constexpr T whole = sizeof(T) == 4 ? T(0x1p23) : T(0x1p52);
    if (!(abs(x) < whole)) return x;
    return copysign(static_cast<T>(static_cast<std::int64_t>(x)), x);
  } else {
    return x;
  }
}

template <scalar T>
ETCH_INLINE constexpr T floor(T x) noexcept {
  if constexpr (std::floating_point<T>) {
    if (!std::is_constant_evaluated()) return std::floor(x);
    T const near = trunc(x);
    return near > x ? near - T(1) : near;
  } else {
    return x;
  }
}

template <scalar T>
ETCH_INLINE constexpr T ceil(T x) noexcept {
  if constexpr (std::floating_point<T>) {
    if (!std::is_constant_evaluated()) return std::ceil(x);
    T const near = trunc(x);
    return near < x ? copysign(near + T(1), x) : near;
  } else {
    return x;
  }
}

/// round(x): to the nearest integer, halves to the even one.
template <scalar T>
ETCH_INLINE constexpr T round(T x) noexcept {
  if constexpr (std::floating_point<T>) {
    if (!std::is_constant_evaluated()) return std::nearbyint(x);
    T const near = trunc(x);
    if (near == x || isnan(x)) return x;
    T const rest = abs(x - near);
    bool const odd = trunc(near / T(2)) * T(2) != near;
    if (rest > T(0.5) || (rest == T(0.5) && odd)) return near + copysign(T(1), x);
    return near;
  } else {
    return x;
  }
}

/// fma(a, b, c): a b + c, rounded once; integers wrap.
template <scalar T>
ETCH_INLINE constexpr T fma(T a, T b, T c) noexcept {
  if constexpr (std::floating_point<T>)
    return std::fma(a, b, c);
  else
    return static_cast<T>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b) +
                          static_cast<std::uint64_t>(c));
}

/// fnma(a, b, c): c - a b, rounded once; integers wrap.
template <scalar T>
ETCH_INLINE constexpr T fnma(T a, T b, T c) noexcept {
  if constexpr (std::floating_point<T>)
    return std::fma(-a, b, c);
  else
    return static_cast<T>(static_cast<std::uint64_t>(c) -
                          static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

template <std::floating_point T>
ETCH_INLINE T sqrt(T x) noexcept {
  return std::sqrt(x);
}
/// rsqrt(x): 1 / sqrt(x), two roundings.
template <std::floating_point T>
ETCH_INLINE T rsqrt(T x) noexcept {
  return T(1) / std::sqrt(x);
}
template <std::floating_point T>
ETCH_INLINE T exp(T x) noexcept {
  return std::exp(x);
}
template <std::floating_point T>
ETCH_INLINE T log(T x) noexcept {
  return std::log(x);
}
template <std::floating_point T>
ETCH_INLINE T tanh(T x) noexcept {
  return std::tanh(x);
}
/// sigmoid(x): 1 / (1 + exp(-x))
template <std::floating_point T>
ETCH_INLINE T sigmoid(T x) noexcept {
  return T(1) / (T(1) + std::exp(-x));
}
template <std::floating_point T>
ETCH_INLINE T erf(T x) noexcept {
  return std::erf(x);
}
/// normal_cdf(x): (1 + erf(x / sqrt(2))) / 2
template <std::floating_point T>
ETCH_INLINE T normal_cdf(T x) noexcept {
  return T(0.5) * std::erfc(x * T(-0.70710678118654752440));
}
template <std::floating_point T>
ETCH_INLINE T sin(T x) noexcept {
  return std::sin(x);
}
template <std::floating_point T>
ETCH_INLINE T cos(T x) noexcept {
  return std::cos(x);
}
template <std::floating_point T>
ETCH_INLINE T pow(T base, T exponent) noexcept {
  return std::pow(base, exponent);
}

}  // namespace etch::math
