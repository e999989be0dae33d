#pragma once

#include "etch/kernels/simd/exp_parts.hpp"

namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

template <class T>
struct exp_range;
/// Above the first exp is infinite, below the second it rounds to 0.
template <>
struct exp_range<float> {
  static constexpr float high = 89.0f, low = -104.0f;
};
template <>
struct exp_range<double> {
  static constexpr double high = 710.0, low = -746.0;
};

/// x limited to [low, high]; NaN stays NaN.
template <class T, class A>
ETCH_INLINE pack<T, A> limit(pack<T, A> const& x, T low, T high) noexcept {
  using P = pack<T, A>;
  return map<P, op::max_or_second>(P(low), map<P, op::min_or_second>(P(high), x));
}

/// exp(x) of its parts, where n is an exponent or half of one.
template <class T, class A>
ETCH_INLINE pack<T, A> exp_of(exp_reduced<pack<T, A>> const& x) noexcept {
  return scale(fma(expm1_over(x.r), x.r, pack<T, A>(T(1))), x);
}

}  // namespace detail

/// exp(x) = 2^n (1 + r (1 + r q(r))), n = round(x / ln 2), r = x - n ln 2 in two steps.
/// numerics  float and double: at most 1 ulp (1.5 without fma), subnormal results included;
///           exp(-inf) = 0, exp(inf) = inf, NaN stays NaN
/// source    Cody, Waite 1980 (reduction); own minimax fit, see exp_tail
template <class T, class A>
ETCH_INLINE pack<T, A> exp(pack<T, A> const& x) noexcept {
  using range = detail::exp_range<T>;
  return detail::exp_of(detail::exp_reduce<2 * detail::exp_constants<T>::bias>(
      detail::limit(x, range::low, range::high)));
}

/// exp(x) for a difference x <= 0 that was rounded, or NaN; ln 2 in one step, since what that
/// leaves out is less than what the difference does. numerics  at most 1 + |x| / 20 ulp in float, 1
/// + |x| / 3 ulp in double (1.5 + 1.25 |x| without fma);
///           exp(-inf) = 0, exp(0) = 1, NaN stays NaN
template <class T, class A>
ETCH_INLINE pack<T, A> exp_to_1(pack<T, A> const& x) noexcept {
  using P = pack<T, A>;
  P const limited = detail::map<P, detail::op::max_or_second>(P(detail::exp_range<T>::low), x);
  return detail::exp_of(detail::exp_reduce<2 * detail::exp_constants<T>::bias, 1>(limited));
}

}  // namespace ETCH_ISA
}  // namespace etch::simd
