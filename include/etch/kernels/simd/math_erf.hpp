#pragma once

#include "etch/kernels/simd/exp_parts.hpp"

namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

/// p of erf(x) = x + x p(x^2), |x| <= 1.
/// numerics  minimax fits, relative to erf: float degree 6, 2^-29.5; double degree 11, 2^-55.8
template <class A>
ETCH_INLINE pack<float, A> erf_near(pack<float, A> const& z) noexcept {
  return horner(z, 0x1.06eba8p-3f, -0x1.812740p-2f, 0x1.ce2d50p-4f, -0x1.b7fe90p-6f, 0x1.542e0ep-8f,
                -0x1.a50aeap-11f, 0x1.4c33aep-14f);
}
template <class A>
ETCH_INLINE pack<double, A> erf_near(pack<double, A> const& z) noexcept {
  return two_chains(z, 0x1.06eba8214db68p-3, -0x1.812746b0379adp-2, 0x1.ce2f21a04064ep-4,
                    -0x1.b82ce311e6629p-6, 0x1.565bccf72008dp-8, -0x1.c02daffdb25ffp-11,
                    0x1.f9a2b5a042778p-14, -0x1.f4ca0b31e835fp-17, 0x1.b97d9b6bb26fap-20,
                    -0x1.5bfb2d581b02cp-23, 0x1.d6d1589ee5457p-27, -0x1.aae8bdaeabb0ep-31);
}

/// log(1 - erf(a)) for a in [1, 4] (float), [1, 6] (double).
/// numerics  fits of the absolute error of erf: float degree 6 in a, 2^-29.8; double degree 17 in
///           a - 1, 2^-57.0
template <class A>
ETCH_INLINE pack<float, A> erfc_log(pack<float, A> const& a) noexcept {
  return horner(a, -0x1.71f908p-12f, -0x1.2085f0p+0f, -0x1.46c4b2p-1f, -0x1.a61052p-4f,
                0x1.654d6ap-6f, -0x1.8163a0p-9f, 0x1.85529ap-13f);
}
template <class A>
ETCH_INLINE pack<double, A> erfc_log(pack<double, A> const& a) noexcept {
  return two_chains(
      a - pack<double, A>(1.0), -0x1.d97fbf27aa2a1p+0, -0x1.51c9b0006c229p+1, -0x1.afabc11a2a7fep-1,
      -0x1.5477f09a2eb04p-5, 0x1.48c9d38f98cc1p-7, -0x1.033f5b5ebcc02p-9, 0x1.f1b09297ba0d9p-13,
      0x1.b9286c30228b3p-16, -0x1.c8494f5736a77p-16, 0x1.446ce3796e7b2p-17, -0x1.1dcd72bd659a0p-19,
      0x1.b4174cbf1b352p-23, 0x1.f9d669436ca3ep-25, -0x1.21913f050e7bep-25, 0x1.278188fe33644p-27,
      -0x1.6e68e87b81facp-30, 0x1.0980161c343ffp-33, -0x1.5ae1987840b51p-38);
}

}  // namespace detail

/// erf(x) = x + x p(x^2) for |x| < 1, sign(x) (1 - exp(q(|x|))) beyond.
/// numerics  float and double: at most 1.25 ulp (1.5 without fma); erf(-0) = -0,
///           erf(+-inf) = +-1, NaN stays NaN
/// source    the split is that of Juffa; own fits, see erf_near and erfc_log
template <class T, class A>
ETCH_INLINE pack<T, A> erf(pack<T, A> const& x) noexcept {
  using P = pack<T, A>;
  constexpr T last = sizeof(T) == 4 ? T(4) : T(6);  // erf rounds to 1
  P const magnitude = detail::map<P, detail::op::min_or_second>(P(last), abs(x));
  P const near = fma(x, detail::erf_near(magnitude * magnitude), x);
  auto const parts =
      detail::exp_reduce<detail::exp_constants<T>::bias>(detail::erfc_log(magnitude));
  P const power = detail::power_of_two(parts);
  P const far = fnma(parts.r * power, detail::expm1_over(parts.r), P(T(1)) - power);
  return select(magnitude >= P(T(1)), copysign(far, x), near);
}

}  // namespace ETCH_ISA
}  // namespace etch::simd
