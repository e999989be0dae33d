#pragma once

#include "etch/kernels/simd/pack.hpp"

/// Sums and products of doubles with their rounding errors.
namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

/// high + low, |low| <= ulp(high) / 2 or a little more.
template <class V>
struct two {
  V high, low;
};

/// a + b exactly; |a| >= |b|, or a = 0.
template <class V>
ETCH_INLINE two<V> two_sum_ordered(V const& a, V const& b) noexcept {
  V const high = a + b;
  return {high, (a - high) + b};
}

/// x = high + low with at most 26 bits each, |x| < 2^996.
template <class V>
ETCH_INLINE two<V> split(V const& x) noexcept {
  V const big = x * V(134217729.0);
  V const high = big - (big - x);
  return {high, x - high};
}

/// a b exactly.
template <class A>
ETCH_INLINE two<pack<double, A>> two_product(pack<double, A> const& a,
                                             pack<double, A> const& b) noexcept {
  auto const high = a * b;
  if constexpr (has_fma<A>) {
    return {high, fma(a, b, -high)};
  } else {
    auto const x = split(a), y = split(b);
    auto const low = ((x.high * y.high - high) + x.high * y.low + x.low * y.high) + x.low * y.low;
    return {high, low};
  }
}

/// x y, error about 2^-104 of it.
template <class V>
ETCH_INLINE two<V> multiply(two<V> const& x, two<V> const& y) noexcept {
  auto const p = two_product(x.high, y.high);
  return {p.high, p.low + fma(x.high, y.low, x.low * y.high)};
}

}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd
