#pragma once

#include "etch/kernels/simd/native.hpp"

#if defined(__AVX512F__)

/// AVX-512 by name: xsimd 8.1 has no fma for it, and the unmasked forms of several intrinsics of
/// gcc 12 warn of an uninitialised value. The compilers drop a mask of all ones.
namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

template <>
struct native<batch<float, arch_t<isa::avx512>>> {
  using R = batch<float, arch_t<isa::avx512>>;
  using M = batch_bool<float, arch_t<isa::avx512>>;
  using half = batch<float, arch_t<isa::avx2>>;
  static constexpr __mmask16 every = 0xffff;

  static ETCH_INLINE R fma(R a, R b, R c) noexcept { return _mm512_fmadd_ps(a, b, c); }
  static ETCH_INLINE R fnma(R a, R b, R c) noexcept { return _mm512_fnmadd_ps(a, b, c); }
  static ETCH_INLINE R div(R a, R b) noexcept { return a / b; }
  static ETCH_INLINE M not_equal(R a, R b) noexcept {
    return _mm512_cmp_ps_mask(a, b, _CMP_NEQ_UQ);
  }
  static ETCH_INLINE R min_or_second(R a, R b) noexcept { return _mm512_maskz_min_ps(every, a, b); }
  static ETCH_INLINE R max_or_second(R a, R b) noexcept { return _mm512_maskz_max_ps(every, a, b); }
  static ETCH_INLINE R select(M where, R a, R b) noexcept {
    return _mm512_mask_blend_ps(where.data, b, a);
  }
  static ETCH_INLINE M isnan(R a) noexcept { return _mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q); }
  static ETCH_INLINE R abs(R a) noexcept {
    return _mm512_castsi512_ps(
        _mm512_and_si512(_mm512_castps_si512(a), _mm512_set1_epi32(0x7fffffff)));
  }
  static ETCH_INLINE R neg(R a) noexcept {
    return _mm512_castsi512_ps(
        _mm512_xor_si512(_mm512_castps_si512(a), _mm512_set1_epi32(-0x7fffffff - 1)));
  }
  /// 0xe4: the third operand chooses between the first two, bit by bit.
  static ETCH_INLINE R copysign(R a, R sign) noexcept {
    return _mm512_castsi512_ps(_mm512_ternarylogic_epi32(
        _mm512_castps_si512(a), _mm512_castps_si512(sign), _mm512_set1_epi32(0x7fffffff), 0xe4));
  }
  static ETCH_INLINE R sqrt(R a) noexcept { return _mm512_maskz_sqrt_ps(every, a); }
  static ETCH_INLINE R floor(R a) noexcept { return _mm512_maskz_roundscale_ps(every, a, 1); }
  static ETCH_INLINE R ceil(R a) noexcept { return _mm512_maskz_roundscale_ps(every, a, 2); }
  static ETCH_INLINE R trunc(R a) noexcept { return _mm512_maskz_roundscale_ps(every, a, 3); }
  static ETCH_INLINE R round(R a) noexcept { return _mm512_maskz_roundscale_ps(every, a, 0); }
  static ETCH_INLINE R swap_pairs(R a) noexcept { return _mm512_maskz_permute_ps(every, a, 0xb1); }
  static ETCH_INLINE half lower(R a) noexcept { return _mm512_maskz_extractf32x8_ps(0xff, a, 0); }
  static ETCH_INLINE half upper(R a) noexcept { return _mm512_maskz_extractf32x8_ps(0xff, a, 1); }

  static ETCH_INLINE R apart(R product) noexcept {
#if !defined(__clang__)
    asm("" : "+v"(product.data));
#endif
    return product;
  }
};

template <>
struct native<batch<double, arch_t<isa::avx512>>> {
  using R = batch<double, arch_t<isa::avx512>>;
  using M = batch_bool<double, arch_t<isa::avx512>>;
  using half = batch<double, arch_t<isa::avx2>>;
  static constexpr __mmask8 every = 0xff;
  static constexpr long long magnitude = 0x7fffffffffffffff;

  static ETCH_INLINE R fma(R a, R b, R c) noexcept { return _mm512_fmadd_pd(a, b, c); }
  static ETCH_INLINE R fnma(R a, R b, R c) noexcept { return _mm512_fnmadd_pd(a, b, c); }
  static ETCH_INLINE R div(R a, R b) noexcept { return a / b; }
  static ETCH_INLINE M not_equal(R a, R b) noexcept {
    return _mm512_cmp_pd_mask(a, b, _CMP_NEQ_UQ);
  }
  static ETCH_INLINE R min_or_second(R a, R b) noexcept { return _mm512_maskz_min_pd(every, a, b); }
  static ETCH_INLINE R max_or_second(R a, R b) noexcept { return _mm512_maskz_max_pd(every, a, b); }
  static ETCH_INLINE R select(M where, R a, R b) noexcept {
    return _mm512_mask_blend_pd(where.data, b, a);
  }
  static ETCH_INLINE M isnan(R a) noexcept { return _mm512_cmp_pd_mask(a, a, _CMP_UNORD_Q); }
  static ETCH_INLINE R abs(R a) noexcept {
    return _mm512_castsi512_pd(
        _mm512_and_si512(_mm512_castpd_si512(a), _mm512_set1_epi64(magnitude)));
  }
  static ETCH_INLINE R neg(R a) noexcept {
    return _mm512_castsi512_pd(
        _mm512_xor_si512(_mm512_castpd_si512(a), _mm512_set1_epi64(-magnitude - 1)));
  }
  static ETCH_INLINE R copysign(R a, R sign) noexcept {
    return _mm512_castsi512_pd(_mm512_ternarylogic_epi64(
        _mm512_castpd_si512(a), _mm512_castpd_si512(sign), _mm512_set1_epi64(magnitude), 0xe4));
  }
  static ETCH_INLINE R sqrt(R a) noexcept { return _mm512_maskz_sqrt_pd(every, a); }
  static ETCH_INLINE R floor(R a) noexcept { return _mm512_maskz_roundscale_pd(every, a, 1); }
  static ETCH_INLINE R ceil(R a) noexcept { return _mm512_maskz_roundscale_pd(every, a, 2); }
  static ETCH_INLINE R trunc(R a) noexcept { return _mm512_maskz_roundscale_pd(every, a, 3); }
  static ETCH_INLINE R round(R a) noexcept { return _mm512_maskz_roundscale_pd(every, a, 0); }
  static ETCH_INLINE R swap_pairs(R a) noexcept { return _mm512_maskz_permute_pd(every, a, 0x55); }
  static ETCH_INLINE half lower(R a) noexcept { return _mm512_maskz_extractf64x4_pd(0xf, a, 0); }
  static ETCH_INLINE half upper(R a) noexcept { return _mm512_maskz_extractf64x4_pd(0xf, a, 1); }

  static ETCH_INLINE R apart(R product) noexcept {
#if !defined(__clang__)
    asm("" : "+v"(product.data));
#endif
    return product;
  }
};

}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd

#endif
