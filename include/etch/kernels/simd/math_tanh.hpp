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

/// sigmoid(x) = 1 / (1 + exp(-x)); exp(-x) = 2^n (1 + r u(r)) is infinite where n is one more than
/// the largest exponent.
/// numerics  float and double: at most 2.5 ulp where the result is normal; a subnormal result may
///           be 0 instead; sigmoid(-inf) = 0, sigmoid(inf) = 1, NaN stays NaN
/// source    own arrangement; u from expm1_over
template <class T, class A>
ETCH_INLINE pack<T, A> sigmoid(pack<T, A> const& x) noexcept {
  using P = pack<T, A>;
  constexpr T most = sizeof(T) == 4 ? T(88.9) : T(709.9);  // 2^n of exp(most) is just infinite
  constexpr T least = sizeof(T) == 4 ? T(-87.5) : T(-708.5);
  P const one(T(1));
  auto const parts =
      detail::exp_reduce<detail::exp_constants<T>::bias>(detail::limit(-x, least, most));
  P const power = detail::power_of_two(parts);
  P const e = fma(detail::expm1_over(parts.r), parts.r, one);
  return one / fma(e, power, one);
}

}  // namespace ETCH_ISA
}  // namespace etch::simd
