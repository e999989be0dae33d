#pragma once

#include "etch/kernels/simd/pack.hpp"

namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

/// horner(x, c0, c1, ..., cn): c0 + x (c1 + x (... + x cn)), one fma per step.
template <class V>
ETCH_INLINE V horner(V const&, typename V::value_type c0) noexcept {
  return V(c0);
}
template <class V, class... C>
ETCH_INLINE V horner(V const& x, typename V::value_type c0, C... c) noexcept {
  return fma(horner(x, c...), x, V(c0));
}

template <class V>
struct halves {
  V even, odd;
};
template <class V>
ETCH_INLINE halves<V> even_and_odd(V const&, typename V::value_type c0,
                                   typename V::value_type c1) noexcept {
  return {V(c0), V(c1)};
}
template <class V, class... C>
ETCH_INLINE halves<V> even_and_odd(V const& x2, typename V::value_type c0,
                                   typename V::value_type c1, C... c) noexcept {
  halves<V> const rest = even_and_odd(x2, c...);
  return {fma(rest.even, x2, V(c0)), fma(rest.odd, x2, V(c1))};
}

/// The same polynomial with an even number of coefficients as two chains of half the length: less
/// latency for one multiplication more.
template <class V, class... C>
ETCH_INLINE V two_chains(V const& x, C... c) noexcept {
  static_assert(sizeof...(C) % 2 == 0);
  halves<V> const parts = even_and_odd(x * x, c...);
  return fma(parts.odd, x, parts.even);
}

}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd
