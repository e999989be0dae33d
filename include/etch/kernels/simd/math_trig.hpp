#pragma once

#include "etch/kernels/simd/bits.hpp"
#include "etch/kernels/simd/polynomial.hpp"
#include "etch/kernels/simd/trig_large.hpp"
#include "etch/kernels/simd/widen.hpp"

namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

/// |x| = n pi / 2 + r, |r| <= pi / 4; the low two bits of `quadrant` are those of n.
template <class V>
struct trig_reduced {
  V quadrant, r;
};

template <class T>
inline constexpr T trig_shifter = sizeof(T) == 4 ? T(0x1.8p23) : T(0x1.8p52);

/// Beyond this angle the lanes are reduced one by one.
template <class T>
inline constexpr T trig_limit = T(0x1p20);

/// n and r for 0 <= x <= 2^20. With fma: pi / 2 in three parts of full width, the first product is
/// exact. Without: parts of 33 bits in double.
template <class A>
ETCH_INLINE trig_reduced<pack<double, A>> trig_reduce(pack<double, A> const& x) noexcept {
  using P = pack<double, A>;
  P const shift(trig_shifter<double>);
  P const quadrant = fma(x, P(0x1.45f306dc9c883p-1), shift);
  P const n = quadrant - shift;
  if constexpr (has_fma<A>) {
    P const r = fnma(n, P(0x1.1a62633145c07p-54), fnma(n, P(0x1.921fb54442d18p+0), x));
    return {quadrant, fma(n, P(0x1.f1976b7ed8fbcp-110), r)};
  } else {
    P const r = fnma(n, P(0x1.0b4611a6p-34), fnma(n, P(0x1.921fb544p+0), x));
    P const s = fnma(n, P(0x1.3198a2ep-69), r);
    return {quadrant, fnma(n, P(0x1.b839a252049c1p-104), s)};
  }
}

template <class A>
ETCH_INLINE trig_reduced<pack<float, A>> trig_reduce(pack<float, A> const& x) noexcept {
  using P = pack<float, A>;
  P const shift(trig_shifter<float>);
  if constexpr (has_fma<A>) {
    P const quadrant = fma(x, P(0x1.45f306p-1f), shift);
    P const n = quadrant - shift;
    P const r = fma(n, P(0x1.777a5cp-25f), fnma(n, P(0x1.921fb6p+0f), x));
    return {quadrant, fma(n, P(0x1.ee59dap-50f), r)};
  } else {
    using D = pack<double, A>;
    auto const wide = widen(x);
    auto const low = trig_reduce(wide.low), high = trig_reduce(wide.high);
    D const whole(trig_shifter<double>);
    P const n = narrow(wide_pack<A>{low.quadrant - whole, high.quadrant - whole});
    return {n + shift, narrow(wide_pack<A>{low.r, high.r})};
  }
}

/// Replaces the lanes beyond trig_limit.
template <class T>
ETCH_COLD inline void trig_reduce_large(T const* x, T* quadrant, T* r) noexcept {
  for (int i = 0; i < lanes_v<T>; ++i) {
    if (!(x[i] > trig_limit<T> && x[i] <= std::numeric_limits<T>::max())) continue;
    reduced_angle const angle = reduce_large_angle(double(x[i]));
    quadrant[i] = trig_shifter<T> + T(angle.quadrant);
    r[i] = T(angle.rest);
  }
}

template <class T, class A>
ETCH_INLINE trig_reduced<pack<T, A>> trig_reduce_all(pack<T, A> const& x) noexcept {
  using P = pack<T, A>;
  auto reduced = trig_reduce(x);
  if (any((x > P(trig_limit<T>)) & (x <= P(std::numeric_limits<T>::max())))) [[unlikely]] {
    alignas(64) T lanes[P::lanes], quadrant[P::lanes], r[P::lanes];
    x.store_aligned(lanes);
    reduced.quadrant.store_aligned(quadrant);
    reduced.r.store_aligned(r);
    trig_reduce_large(lanes, quadrant, r);
    reduced = {P::load_aligned(quadrant), P::load_aligned(r)};
  }
  return reduced;
}

/// s of sin(r) = r + r z s(z) and c of cos(r) = 1 - z / 2 + z^2 c(z), z = r^2.
/// numerics  minimax fits on |r| <= pi / 4: float degree 2, 2^-28.0 and 2^-33.1; double degree 5,
///           2^-58.0 and 2^-64.2
template <class A>
ETCH_INLINE pack<float, A> sin_tail(pack<float, A> const& z) noexcept {
  return horner(z, -0x1.555546p-3f, 0x1.11077cp-7f, -0x1.9955aep-13f);
}
template <class A>
ETCH_INLINE pack<double, A> sin_tail(pack<double, A> const& z) noexcept {
  return two_chains(z, -0x1.5555555555549p-3, 0x1.111111110f89ep-7, -0x1.a01a019c146f2p-13,
                    0x1.71de35793b70fp-19, -0x1.ae5e66e1cc700p-26, 0x1.5d9312b0efbc2p-33);
}
template <class A>
ETCH_INLINE pack<float, A> cos_tail(pack<float, A> const& z) noexcept {
  return horner(z, 0x1.55554ap-5f, -0x1.6c0c2ap-10f, 0x1.99e908p-16f);
}
template <class A>
ETCH_INLINE pack<double, A> cos_tail(pack<double, A> const& z) noexcept {
  return two_chains(z, 0x1.555555555554cp-5, -0x1.6c16c16c1521bp-10, 0x1.a01a019cbea0dp-16,
                    -0x1.27e4f811ecd19p-22, 0x1.1ee9f0a3941c2p-29, -0x1.8fb0c483704d5p-37);
}

/// sin(|x| + turn pi / 2), turn 0 or 1.
template <class T, class A>
ETCH_INLINE pack<T, A> sin_of_magnitude(pack<T, A> const& magnitude, bits_of<T> turn) noexcept {
  using P = pack<T, A>;
  using B = bits<T, A>;
  constexpr int sign = int(8 * sizeof(T)) - 2;
  constexpr auto one = __builtin_bit_cast(bits_of<T>, T(1));
  auto const reduced = trig_reduce_all(magnitude);
  P const r = reduced.r;
  P const z = r * r;
  P const sine = fma(r * z, sin_tail(z), r);
  P const cosine = fma(z, fma(z, cos_tail(z), P(T(-0.5))), P(T(1)));
  B const quadrant = as_bits(reduced.quadrant) + B(turn);
  auto const odd = as_pack((quadrant & B(1)) | B(one)) > P(T(1));
  B const flip = shl<sign>(quadrant & B(2));
  return as_pack(as_bits(select(odd, cosine, sine)) ^ flip);
}

}  // namespace detail

/// sin(x): |x| = n pi / 2 + r, then a polynomial in r.
/// numerics  float and double: at most 2 ulp (3 without fma) for every finite x; sin(-0) = -0,
///           sin(+-inf) = NaN. Lanes beyond |x| = 2^20 are reduced one by one, in integers
/// source    Cody, Waite 1980; Payne, Hanek 1983; own minimax fits, see sin_tail
template <class T, class A>
ETCH_INLINE pack<T, A> sin(pack<T, A> const& x) noexcept {
  using B = detail::bits<T, A>;
  auto const y = detail::sin_of_magnitude(abs(x), 0u);
  constexpr auto sign = __builtin_bit_cast(detail::bits_of<T>, T(-0.0));
  return as_pack(detail::as_bits(y) ^ (detail::as_bits(x) & B(sign)));
}

/// cos(x): as sin, a quarter turn ahead.
/// numerics  as sin; cos(+-0) = 1
/// source    as sin
template <class T, class A>
ETCH_INLINE pack<T, A> cos(pack<T, A> const& x) noexcept {
  return detail::sin_of_magnitude(abs(x), 1u);
}

}  // namespace ETCH_ISA
}  // namespace etch::simd
