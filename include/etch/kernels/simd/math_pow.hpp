#pragma once

#include "etch/kernels/simd/double_double.hpp"
#include "etch/kernels/simd/math_exp.hpp"
#include "etch/kernels/simd/math_log.hpp"
#include "etch/kernels/simd/widen.hpp"

namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

/// |x|^y for the floats in two doubles, finite non-zero x: 2^(y log2 |x|) with 2^-34 to spare.
/// numerics  log2(1 + f) / f of degree 13, relative error 2^-38.5; 2^r of degree 7, 2^-34.3
template <class A>
ETCH_INLINE pack<double, A> pow_in_double(pack<double, A> const& x,
                                          pack<double, A> const& y) noexcept {
  using P = pack<double, A>;
  using B = bits<double, A>;
  using c = log_constants<double>;
  B const moved = as_bits(x) + B(c::to_two_thirds);
  P const k = as_pack(shr<c::mantissa>(moved) | B(c::shifter)) - P(c::shifter_and_bias);
  P const f = as_pack((moved & B(c::fraction)) + B(c::two_thirds)) - P(1.0);
  P const p = two_chains(f, 0x1.71547652bc26cp+0, -0x1.71547652ebda1p-1, 0x1.ec709d8d6bbe2p-2,
                         -0x1.715475c8ba779p-2, 0x1.2776e33bf0733p-2, -0x1.ec7107734f09cp-3,
                         0x1.a60ad630c1979p-3, -0x1.7142c44021c42p-3, 0x1.4986f0e7c8621p-3,
                         -0x1.28f81fb93b613p-3, 0x1.f9c38630ad075p-4, -0x1.c9eb226eb75eap-4,
                         0x1.432b4b01bd112p-3, -0x1.33fce17e7d24fp-3);
  P const exponent = limit(y * fma(f, p, k), -200.0, 200.0);
  P const shift(exp_constants<double>::shifter + double(exp_constants<double>::bias));
  P const shifted = exponent + shift;
  P const r = exponent - (shifted - shift);
  P const q = two_chains(r, 1.0, 0x1.62e42ff0e32f7p-1, 0x1.ebfbe077d5fd3p-3, 0x1.c6b08abd97650p-5,
                         0x1.3b29f358f084ep-7, 0x1.5d8a8861fb0c4p-10, 0x1.445cb973f8b04p-13,
                         0x1.fde3b70c72629p-17);
  return q * as_pack(shl<exp_constants<double>::mantissa>(as_bits(shifted)));
}

template <class A>
ETCH_INLINE pack<float, A> pow_magnitude(pack<float, A> const& x,
                                         pack<float, A> const& y) noexcept {
  auto const base = widen(x), exponent = widen(y);
  return narrow(
      wide_pack<A>{pow_in_double(base.low, exponent.low), pow_in_double(base.high, exponent.high)});
}

/// log(1 + f) + k ln 2, error about 2^-66 of it: 2 s + s z (2/3 + z p(z)) with s = f / (2 + f),
/// z = s^2, all but p in double-double.
/// numerics  p of degree 7, error 2^-69 of the logarithm
template <class A>
ETCH_INLINE two<pack<double, A>> log_two(log_reduced<pack<double, A>> const& x) noexcept {
  using P = pack<double, A>;
  using W = two<P>;
  P const f = x.f;
  W const divisor = two_sum_ordered(P(2.0), f);
  P const inverse = P(1.0) / divisor.high;
  P const quotient = f * inverse;
  W const back = two_product(quotient, divisor.high);
  P const rest = ((f - back.high) - back.low) - quotient * divisor.low;
  W const s{quotient, rest * inverse};
  W const z = multiply(s, s);
  P const p = two_chains(z.high, 0x1.9999999999968p-2, 0x1.2492492498d37p-2, 0x1.c71c71bc78fe6p-3,
                         0x1.745d1bc2656bap-3, 0x1.3b12992d16c9ap-3, 0x1.113a01fc560b1p-3,
                         0x1.dad308a6d63dbp-4, 0x1.01757e05b4842p-3);
  W series = two_sum_ordered(P(0x1.5555555555555p-1), z.high * p);
  series.low = series.low + P(0x1.5555555555555p-55);
  W const tail = multiply(multiply(z, s), series);
  W const leading = two_sum_ordered(s.high + s.high, tail.high);
  P const small = leading.low + (tail.low + (s.low + s.low));
  W const sum = two_sum_ordered(x.k * P(0x1.62e42fefa3800p-1), leading.high);
  return two_sum_ordered(sum.high, sum.low + fma(x.k, P(0x1.ef35793c76730p-45), small));
}

template <class A>
ETCH_INLINE pack<double, A> pow_magnitude(pack<double, A> const& x,
                                          pack<double, A> const& exponent) noexcept {
  using P = pack<double, A>;
  // a logarithm that is not 0 is at least 2^-53: larger exponents are as good as infinite
  P const y = limit(exponent, -0x1p66, 0x1p66);
  auto const logarithm = log_two(log_reduce(x));
  auto const product = two_product(y, logarithm.high);
  P const low = fma(y, logarithm.low, product.low);
  P const limited = limit(product.high, exp_range<double>::low, exp_range<double>::high);
  auto parts = exp_reduce<2 * exp_constants<double>::bias>(limited);
  parts.r = parts.r + select(limited == product.high, low, P(0.0));
  return scale(fma(expm1_over(parts.r), parts.r, P(1.0)), parts);
}

/// Signs and the cases of IEEE 754: `p` is |x|^y where x is finite and not 0.
template <class T, class A>
ETCH_INLINE pack<T, A> pow_special(pack<T, A> const& x, pack<T, A> const& y,
                                   pack<T, A> const& p) noexcept {
  using P = pack<T, A>;
  P const zero(T(0)), one(T(1)), half(T(0.5));
  P const infinity(std::numeric_limits<T>::infinity());
  P const nan(std::numeric_limits<T>::quiet_NaN());
  P const a = abs(x);
  auto const whole = trunc(y) == y;
  auto const odd = whole & (trunc(y * half) != y * half);
  P r = select(a == zero, select(y < zero, infinity, zero), p);
  r = select(a == infinity, select(y < zero, zero, infinity), r);
  r = select(a == one, one, r);
  r = select(isnan(x) | isnan(y), nan, r);
  r = select(odd, copysign(r, x), r);
  r = select((x < zero) & (a < infinity) & !whole, nan, r);
  return select((y == zero) | (x == one), one, r);
}

}  // namespace detail

/// pow(x, y) = exp(y log |x|) with the sign of odd y: float in double, double in double-double.
/// numerics  float: at most 0.51 ulp; double: at most 1.5 ulp; subnormal results included. All
///           special cases as IEEE 754 pow: pow(x, 0) = pow(1, y) = 1 also for NaN; NaN for
///           finite x < 0 and a y that is no integer
/// source    Dekker 1971 (double-double); own minimax fits
template <class T, class A>
ETCH_INLINE pack<T, A> pow(pack<T, A> const& x, pack<T, A> const& y) noexcept {
  return detail::pow_special(x, y, detail::pow_magnitude(abs(x), y));
}

}  // namespace ETCH_ISA
}  // namespace etch::simd
