#pragma once

#include "etch/kernels/simd/math_exp.hpp"

namespace etch::simd {
inline namespace ETCH_ISA {

/// tanh(x) = sign(x) e / (e + 2), e = exp(2|x|) - 1 = 2^n r (r q(r)) + (2^n r + (2^n - 1)).
/// numerics  float and double: at most 3 ulp; tanh(-0) = -0, tanh(+-inf) = +-1, a subnormal x
///           is its own result, NaN stays NaN
/// source    own arrangement; q from exp_tail
template <class T, class A>
ETCH_INLINE pack<T, A> tanh(pack<T, A> const& x) noexcept {
  using P = pack<T, A>;
  constexpr T limit = sizeof(T) == 4 ? T(20) : T(40);  // the quotient rounds to 1
  P const magnitude = abs(x);
  P const twice = detail::map<P, detail::op::min_or_second>(P(limit), magnitude + magnitude);
  auto const parts = detail::exp_reduce<detail::exp_constants<T>::bias>(twice);
  P const power = detail::power_of_two(parts);
  P const scaled = parts.r * power;
  P const tail = detail::exp_tail(parts.r) * parts.r;
  P const e = fma(scaled, tail, scaled + (power - P(T(1))));
  return copysign(e / (e + P(T(2))), x);
}

/// sigmoid(x) = 1 / (1 + exp(-x)), where exp(-x) = 2^n + 2^n r u(r); the larger of 1 and 2^n is
/// added last.
/// numerics  float and double: at most 2.5 ulp where the result is normal; a subnormal result may
///           be 0 instead; sigmoid(-inf) = 0, sigmoid(inf) = 1, NaN stays NaN
/// source    own arrangement; u from expm1_over
template <class T, class A>
ETCH_INLINE pack<T, A> sigmoid(pack<T, A> const& x) noexcept {
  using P = pack<T, A>;
  constexpr T most = sizeof(T) == 4 ? T(88) : T(709);  // exp(most) is finite
  P const one(T(1));
  P const limited = detail::limit(x, -most, most);
  auto const parts = detail::exp_reduce<detail::exp_constants<T>::bias>(-limited);
  P const power = detail::power_of_two(parts);
  P const smaller = detail::map<P, detail::op::min_or_second>(power, one);
  P const larger = detail::map<P, detail::op::max_or_second>(power, one);
  P const denominator = fma(parts.r * power, detail::expm1_over(parts.r), smaller) + larger;
  return select(x < P(-most), P(T(0)), one / denominator);
}

}  // namespace ETCH_ISA
}  // namespace etch::simd
