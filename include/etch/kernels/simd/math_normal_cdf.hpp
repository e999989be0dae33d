#pragma once

#include "etch/kernels/simd/exp_parts.hpp"
#include "etch/kernels/simd/math_erf.hpp"

namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

/// log(erfc(a / sqrt(2)) / 2) for a >= 0.
/// numerics  a fit of degree 8 of the absolute error of its exp, 2^-25.8 over [0, 6]; it falls
///           everywhere, so that beyond 6 the exp goes on to 0
template <class A>
ETCH_INLINE pack<float, A> normal_tail_log(pack<float, A> const& a) noexcept {
  return horner(a, -0x1.62e430p-1f, -0x1.98847ap-1f, -0x1.45ef8ap-2f, -0x1.2a2326p-5f,
                0x1.416934p-8f, -0x1.a81462p-14f, -0x1.095bc4p-13f, 0x1.c1200ep-16f,
                -0x1.01e45ap-19f);
}

}  // namespace detail

/// normal_cdf(x) = (1 + erf(x / sqrt(2))) / 2, the share of a normal distribution below x: with
/// t = exp(q(|x|)) it is 1 - t above 0 and t below.
/// numerics  the absolute error is at most 2^-23.4 in float (2^-23.3 without fma), 2^-52 in
///           double; 0 below -14 (-9 in double), NaN stays NaN
/// source    own fit, see normal_tail_log
template <class A>
ETCH_INLINE pack<float, A> normal_cdf(pack<float, A> const& x) noexcept {
  using P = pack<float, A>;
  using k = detail::exp_constants<float>;
  constexpr float least = -88.0f;  // 2^n becomes 0: n is -127
  P const y = detail::map<P, detail::op::max_or_second>(P(least), detail::normal_tail_log(abs(x)));
  // ln 2 in one step: where n is large, t is small
  auto const parts = detail::exp_reduce<k::bias, 1>(y);
  P const t = fma(detail::expm1_over(parts.r), parts.r, P(1.0f)) * detail::power_of_two(parts);
  return select(x > P(0.0f), P(1.0f) - t, t);
}

template <class A>
ETCH_INLINE pack<double, A> normal_cdf(pack<double, A> const& x) noexcept {
  using P = pack<double, A>;
  return P(0.5) * (P(1.0) + erf(x * P(0.70710678118654752440)));
}

}  // namespace ETCH_ISA
}  // namespace etch::simd
