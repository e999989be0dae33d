#pragma once

#include "etch/kernels/simd/pack.hpp"

namespace etch::simd {
inline namespace ETCH_ISA {

/// rsqrt(x) = 1 / sqrt(x), by the two correctly rounded instructions: the estimates of processors
/// differ between makers, and so would the bits.
/// numerics  float and double: at most 1.5 ulp; rsqrt(+-0) = +-inf, rsqrt(inf) = 0, NaN for x < 0
/// source    IEEE 754
template <class T, class A>
ETCH_INLINE pack<T, A> rsqrt(pack<T, A> const& x) noexcept {
  return pack<T, A>(T(1)) / sqrt(x);
}

}  // namespace ETCH_ISA
}  // namespace etch::simd
