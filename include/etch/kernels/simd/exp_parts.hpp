#pragma once

#include "etch/kernels/simd/bits.hpp"
#include "etch/kernels/simd/polynomial.hpp"

/// What exp, tanh, sigmoid, erf and pow share: exp(x) = 2^n exp(r).
namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

template <class T>
struct exp_constants;

template <>
struct exp_constants<float> {
  static constexpr float log2_e = 0x1.715476p+0f;
  static constexpr float ln2 = 0x1.62e430p-1f;
  static constexpr float ln2_high = 0x1.62e4p-1f;  // 15 bits: n * ln2_high is exact
  static constexpr float ln2_low = 0x1.7f7d1cp-20f;
  static constexpr float shifter =
      0x1.8p23f;  // adding it rounds to an integer, kept in the low bits
  static constexpr int mantissa = 23;
  static constexpr int bias = 127;
};

template <>
struct exp_constants<double> {
  static constexpr double log2_e = 0x1.71547652b82fep+0;
  static constexpr double ln2 = 0x1.62e42fefa39efp-1;
  static constexpr double ln2_high = 0x1.62e42fefa0000p-1;  // 36 bits
  static constexpr double ln2_low = 0x1.cf79abc9e3b3ap-40;
  static constexpr double shifter = 0x1.8p52;
  static constexpr int mantissa = 52;
  static constexpr int bias = 1023;
};

/// x = n ln 2 + r with integer n and |r| <= ln 2 / 2 (1 + 2^-13).
template <class V>
struct exp_reduced {
  V shifted, n, r;
};

/// The low bits of `shifted` are n + Offset. In one step, ln 2 is rounded to T: r is off by n 2^-28
/// (double: n 2^-55).
template <int Offset, int Steps = 2, class V>
ETCH_INLINE exp_reduced<V> exp_reduce(V const& x) noexcept {
  using T = typename V::value_type;
  using k = exp_constants<T>;
  V const shift(k::shifter + T(Offset));
  V const shifted = fma(x, V(k::log2_e), shift);
  V const n = shifted - shift;
  if constexpr (Steps == 1)
    return {shifted, n, fnma(n, V(k::ln2), x)};
  else
    return {shifted, n, fnma(n, V(k::ln2_low), fnma(n, V(k::ln2_high), x))};
}

/// q of exp(r) = 1 + r (1 + r q(r)), for |r| <= ln 2 / 2.
/// numerics  minimax fits, weighted to the relative error of exp(r) - 1: float degree 4, 2^-26.1;
///           double degree 9, 2^-55.6
template <class T>
struct exp_fit;
template <>
struct exp_fit<float> {
  static constexpr float c[] = {0x1.000000p-1f, 0x1.5554b0p-3f, 0x1.5554e4p-5f, 0x1.12279ep-7f,
                                0x1.6d51b8p-10f};
};
template <>
struct exp_fit<double> {
  static constexpr double c[] = {
      0x1.0000000000005p-1,  0x1.555555555555bp-3,  0x1.55555555520f1p-5,  0x1.111111110ec61p-7,
      0x1.6c16c17f389dcp-10, 0x1.a01a01b3e1da5p-13, 0x1.a019a68144243p-16, 0x1.71ddee8cc9338p-19,
      0x1.28a2b0edb114cp-22, 0x1.af6f522c6eaf4p-26};
};

template <class A>
ETCH_INLINE pack<float, A> exp_tail(pack<float, A> const& r) noexcept {
  constexpr auto& c = exp_fit<float>::c;
  return horner(r, c[0], c[1], c[2], c[3], c[4]);
}
template <class A>
ETCH_INLINE pack<double, A> exp_tail(pack<double, A> const& r) noexcept {
  constexpr auto& c = exp_fit<double>::c;
  return two_chains(r, c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9]);
}

/// The same in fewer steps one after the other, where r r is there anyway; Sign = -1 is q(-r).
template <int Sign = 1, class A>
ETCH_INLINE pack<float, A> exp_tail(pack<float, A> const& r, pack<float, A> const& r2) noexcept {
  using P = pack<float, A>;
  constexpr auto& c = exp_fit<float>::c;
  P const low = fma(r, P(Sign * c[1]), P(c[0]));
  P const high = fma(r2, P(c[4]), fma(r, P(Sign * c[3]), P(c[2])));
  return fma(r2, high, low);
}
template <int Sign = 1, class A>
ETCH_INLINE pack<double, A> exp_tail(pack<double, A> const& r, pack<double, A> const&) noexcept {
  return exp_tail(Sign < 0 ? -r : r);
}

/// u(r) = (exp(r) - 1) / r for |r| <= ln 2 / 2.
template <class T, class A>
ETCH_INLINE pack<T, A> expm1_over(pack<T, A> const& r) noexcept {
  return fma(exp_tail(r), r, pack<T, A>(T(1)));
}

/// 2^n from exp_reduce<bias>; n is the exponent of a normal number.
template <class T, class A>
ETCH_INLINE pack<T, A> power_of_two(exp_reduced<pack<T, A>> const& x) noexcept {
  return as_pack(shl<exp_constants<T>::mantissa>(as_bits(x.shifted)));
}

#if defined(__AVX512F__)
namespace op {
struct scale {
  static ETCH_INLINE native<batch<float, arch_t<isa::avx512>>>::R on(
      batch<float, arch_t<isa::avx512>> p, batch<float, arch_t<isa::avx512>> n) noexcept {
    return _mm512_maskz_scalef_ps(0xffff, p, n);
  }
  static ETCH_INLINE native<batch<double, arch_t<isa::avx512>>>::R on(
      batch<double, arch_t<isa::avx512>> p, batch<double, arch_t<isa::avx512>> n) noexcept {
    return _mm512_maskz_scalef_pd(0xff, p, n);
  }
};
}  // namespace op
#endif

/// p 2^n from exp_reduce<2 * bias>, rounded once when the result is subnormal; |n| <= 2 bias.
/// Two factors of half the exponent: the first product of a p near 1 is exact.
template <class T, class A>
ETCH_INLINE pack<T, A> scale(pack<T, A> const& p, exp_reduced<pack<T, A>> const& x) noexcept {
#if defined(__AVX512F__)
  if constexpr (is_avx512<A>) return map<pack<T, A>, op::scale>(p, x.n);
#endif
  constexpr int mantissa = exp_constants<T>::mantissa;
  auto const n = as_bits(x.shifted);
  auto const half = shr<1>(n);
  return (p * as_pack(shl<mantissa>(half))) * as_pack(shl<mantissa>(n - half));
}

}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd
