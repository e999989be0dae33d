#pragma once

#include "etch/kernels/simd/bits.hpp"
#include "etch/kernels/simd/polynomial.hpp"

namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

template <class T>
struct log_constants;

template <>
struct log_constants<float> {
  static constexpr int mantissa = 23;
  static constexpr std::uint32_t to_two_thirds = 0x3f800000u - 0x3f2aaaabu;
  static constexpr std::uint32_t two_thirds = 0x3f2aaaabu;
  static constexpr std::uint32_t fraction = 0x007fffffu;
  static constexpr std::uint32_t shifter = 0x4b000000u;  // 2^23: the exponent becomes its low bits
  static constexpr float shifter_and_bias = 0x1p23f + 127.0f;
  static constexpr float smallest = 0x1p-126f;
  static constexpr float lift = 0x1p24f, lifted = 24.0f;
};

template <>
struct log_constants<double> {
  static constexpr int mantissa = 52;
  static constexpr std::uint64_t to_two_thirds = 0x3ff0000000000000u - 0x3fe5555555555555u;
  static constexpr std::uint64_t two_thirds = 0x3fe5555555555555u;
  static constexpr std::uint64_t fraction = 0x000fffffffffffffu;
  static constexpr std::uint64_t shifter = 0x4330000000000000u;  // 2^52
  static constexpr double shifter_and_bias = 0x1p52 + 1023.0;
  static constexpr double smallest = 0x1p-1022;
  static constexpr double lift = 0x1p54, lifted = 54.0;
};

/// x = 2^k (1 + f) with integer k and 1 + f in [2/3, 4/3), for positive finite x, subnormal too.
template <class V>
struct log_reduced {
  V k, f;
};

template <class T, class A>
ETCH_INLINE log_reduced<pack<T, A>> log_reduce(pack<T, A> const& x) noexcept {
  using P = pack<T, A>;
  using B = bits<T, A>;
  using c = log_constants<T>;
  auto const subnormal = x < P(c::smallest);
  P const normal = select(subnormal, x * P(c::lift), x);
  P const offset = select(subnormal, P(c::shifter_and_bias + c::lifted), P(c::shifter_and_bias));
  B const moved = as_bits(normal) + B(c::to_two_thirds);
  P const k = as_pack(shr<c::mantissa>(moved) | B(c::shifter)) - offset;
  P const m = as_pack((moved & B(c::fraction)) + B(c::two_thirds));
  return {k, m - P(T(1))};
}

/// The result for x = 0, x < 0, NaN and infinity in place of y.
template <class T, class A>
ETCH_INLINE pack<T, A> log_special(pack<T, A> const& x, pack<T, A> const& y) noexcept {
  using P = pack<T, A>;
  P const infinity(std::numeric_limits<T>::infinity());
  P const finite = select(x < infinity, y, x + x);  // inf, NaN
  P const positive = select(x < P(T(0)), P(std::numeric_limits<T>::quiet_NaN()), finite);
  return select(x == P(T(0)), -infinity, positive);
}

/// log(1 + f), float: f - f^2 / 2 + f^3 p(f), p of degree 7, relative error 2^-27.5.
template <class A>
ETCH_INLINE pack<float, A> log_of(log_reduced<pack<float, A>> const& x) noexcept {
  using P = pack<float, A>;
  P const p = two_chains(x.f, 0x1.555508p-2f, -0x1.fffe90p-3f, 0x1.99cfa8p-3f, -0x1.55af88p-3f,
                         0x1.1eddf8p-3f, -0x1.f11c0cp-4f, 0x1.1e4928p-3f, -0x1.0c5104p-3f);
  P const square = x.f * x.f;
  P const rest = fma(p, x.f, P(-0.5f));
  return fma(x.k, P(0x1.62e430p-1f), fma(square, rest, x.f));
}

/// log(1 + f), double: 2 atanh(s) with s = f / (2 + f), as f - (f^2 / 2 - s (f^2 / 2 + s^2
/// p(s^2))), p of degree 7, relative error 2^-61.6.
template <class A>
ETCH_INLINE pack<double, A> log_of(log_reduced<pack<double, A>> const& x) noexcept {
  using P = pack<double, A>;
  P const s = x.f / (x.f + P(2.0));
  P const z = s * s;
  P const p = two_chains(z, 0x1.555555555554fp-1, 0x1.999999999c150p-2, 0x1.24924921e82b9p-2,
                         0x1.c71c748b85245p-3, 0x1.745c4bf977e06p-3, 0x1.3b359969a19e9p-3,
                         0x1.0dce4f8732b7ep-3, 0x1.1b6e69a49d010p-3);
  P const half_square = (P(0.5) * x.f) * x.f;
  P const low = fma(s, fma(z, p, half_square), x.k * P(0x1.ef35793c76730p-45));
  return fma(x.k, P(0x1.62e42fefa3800p-1), x.f - (half_square - low));
}

}  // namespace detail

/// log(x) = k ln 2 + log(1 + f), x = 2^k (1 + f), 1 + f in [2/3, 4/3).
/// numerics  float and double: at most 1 ulp (1.5 without fma), subnormal x included;
///           log(+-0) = -inf, log(inf) = inf, NaN for x < 0 and for NaN
/// source    double: the arrangement of Ng 1993 (fdlibm); own minimax fits
template <class T, class A>
ETCH_INLINE pack<T, A> log(pack<T, A> const& x) noexcept {
  return detail::log_special(x, detail::log_of(detail::log_reduce(x)));
}

}  // namespace ETCH_ISA
}  // namespace etch::simd
