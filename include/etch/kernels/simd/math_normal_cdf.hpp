#pragma once

#include "etch/kernels/simd/lookup.hpp"
#include "etch/kernels/simd/math_erf.hpp"

namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

/// erfc(a / sqrt(2)) / 2 around a = 0, width, ... 7 width, each for |u| <= width / 2.
/// numerics  minimax fits of degree 6, 2^-26; 1/2 at 0, and from 7 width on, where it is 2^-27.2, 0
struct normal_tail {
  static constexpr float width = 0.8125f;
  static constexpr std::array<table_of_8, 7> c{
      table_of_8{0x1.000000p-1f, 0x1.aa803cp-3f, 0x1.aaa65ap-5f, 0x1.e49cecp-8f, 0x1.2e8708p-11f,
                 0x1.974404p-16f, 0x1.241274p-21f, 0},
      table_of_8{-0x1.988456p-2f, -0x1.25ab74p-2f, -0x1.b461a6p-4f, -0x1.4f1830p-6f,
                 -0x1.09f34ep-9f, -0x1.b45aecp-14f, -0x1.721f08p-19f, -0x1.3c3d9ep-20f},
      table_of_8{0x1.078e84p-19f, 0x1.dd35f6p-4f, 0x1.628f94p-4f, 0x1.98660ep-6f, 0x1.b02a42p-9f,
                 0x1.bb23a8p-13f, 0x1.c2f848p-18f, -0x1.11b1e6p-15f},
      table_of_8{0x1.103772p-4f, 0x1.0a4e54p-6f, -0x1.dd2680p-6f, -0x1.141424p-6f, -0x1.a7e8aap-9f,
                 -0x1.1944eap-12f, -0x1.5c282cp-17f, -0x1.689c00p-12f},
      table_of_8{0x1.e10af2p-13f, -0x1.740148p-6f, -0x1.54e74ap-9f, 0x1.9075c4p-8f, 0x1.10822ep-9f,
                 0x1.f24858p-13f, 0x1.841016p-17f, -0x1.ab9432p-10f},
      table_of_8{-0x1.62dce2p-7f, 0x1.268430p-10f, 0x1.4e9d08p-8f, -0x1.88a47ap-12f,
                 -0x1.c37972p-11f, -0x1.4ec4cep-13f, -0x1.684f04p-17f, -0x1.d3ceb0p-9f},
      table_of_8{0x1.a0bb1cp-10f, 0x1.6a2296p-9f, -0x1.051adep-10f, -0x1.4d8b8ap-11f,
                 0x1.7dddd6p-13f, 0x1.338e32p-14f, 0x1.cdc1e4p-18f, -0x1.7fb5cep-9f}};
};

}  // namespace detail

/// normal_cdf(x) = (1 + erf(x / sqrt(2))) / 2, the share of a normal distribution below x: with
/// t of |x|, a polynomial for each of eight intervals, it is 1 - t above 0 and t below.
/// numerics  the absolute error is at most 2^-23.8 in float (2^-23.5 without fma), 2^-52 in
///           double; 0 below -5.6875 (-9 in double), NaN stays NaN
/// source    own fits, see normal_tail
template <class A>
ETCH_INLINE pack<float, A> normal_cdf(pack<float, A> const& x) noexcept {
  using P = pack<float, A>;
  using tail = detail::normal_tail;
  P const a = detail::map<P, detail::op::min_or_second>(P(7 * tail::width), abs(x));
  P const shift(detail::exp_constants<float>::shifter);
  P const shifted = fma(a, P(1 / tail::width), shift);
  P const u = fnma(shifted - shift, P(tail::width), a);
  detail::table_index<A> const interval(detail::as_bits(shifted));
  P const t = detail::piecewise_horner(tail::c, interval, u);
  return select(x > P(0.0f), P(1.0f) - t, t);
}

template <class A>
ETCH_INLINE pack<double, A> normal_cdf(pack<double, A> const& x) noexcept {
  using P = pack<double, A>;
  return P(0.5) * (P(1.0) + erf(x * P(0.70710678118654752440)));
}

}  // namespace ETCH_ISA
}  // namespace etch::simd
