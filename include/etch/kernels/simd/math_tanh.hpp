#pragma once

#include <limits>

#include "etch/kernels/simd/math_exp.hpp"

namespace etch::simd {
inline namespace ETCH_ISA {

// A recurrent net waits for these two: as little as possible waits in them.

/// tanh(x) = sign(x) e / (e + 2), e = exp(2|x|) - 1 = 2^n r r q(r) + (2^n r + (2^n - 1)).
/// numerics  float and double: at most 3 ulp; tanh(-0) = -0, tanh(+-inf) = +-1, a subnormal x
///           is its own result, NaN stays NaN
/// source    own arrangement; q from exp_tail
template <class T, class A>
ETCH_INLINE pack<T, A> tanh(pack<T, A> const& x) noexcept {
  using P = pack<T, A>;
  using k = detail::exp_constants<T>;
  constexpr T limit = sizeof(T) == 4 ? T(10) : T(20);  // the quotient rounds to 1
  P const magnitude = detail::map<P, detail::op::min_or_second>(P(limit), abs(x));
  P const shift(k::shifter + T(k::bias));
  P const shifted = fma(magnitude, P(2 * k::log2_e), shift);
  P const n = shifted - shift;
  // ln 2 in one step: where n is large, e / (e + 2) is nearly 1
  P const r = fnma(n, P(k::ln2), magnitude + magnitude);
  P const power = detail::power_of_two(detail::exp_reduced<P>{shifted, n, r});
  P const r2 = r * r;
  P const q = detail::exp_tail(r, r2);
  P const e = fma(q, r2 * power, fma(r, power, power - P(T(1))));
  return copysign(e / (e + P(T(2))), x);
}

/// sigmoid(x) = 1 / (1 + exp(-x)); exp(-x) = 2^n + 2^n (r + r r q(r)), where 2^n may be the largest
/// number instead of infinity.
/// numerics  float and double: at most 2.5 ulp where the result is normal; a subnormal result may
///           be 0 instead; sigmoid(-inf) = 0, sigmoid(inf) = 1, NaN stays NaN
/// source    own arrangement; q from exp_tail
template <class T, class A>
ETCH_INLINE pack<T, A> sigmoid(pack<T, A> const& x) noexcept {
  using P = pack<T, A>;
  using k = detail::exp_constants<T>;
  constexpr T least = sizeof(T) == 4 ? T(-88.9) : T(-709.9);  // exp(-x) is just infinite
  constexpr T most = sizeof(T) == 4 ? T(87.5) : T(708.5);
  P const one(T(1)), limited = detail::limit(x, least, most);
  P const shift(k::shifter + T(k::bias));
  P const shifted = fnma(limited, P(k::log2_e), shift);
  P const n = shifted - shift;
  P const s = fma(n, P(k::ln2_low), fma(n, P(k::ln2_high), limited));  // -r
  P const power = detail::map<P, detail::op::min_or_second>(
      P(std::numeric_limits<T>::max()),
      detail::power_of_two(detail::exp_reduced<P>{shifted, n, s}));
  P const s2 = s * s;
  P const less = fnma(detail::exp_tail<-1>(s, s2), s2, s);  // 1 - exp(r)
  return one / fnma(less, power, one + power);
}

}  // namespace ETCH_ISA
}  // namespace etch::simd
