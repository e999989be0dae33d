#pragma once

#include "etch/kernels/simd/pack.hpp"

namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

/// A pack of floats as two packs of doubles: lanes 0 to 7 and 8 to 15.
template <class A>
struct wide_pack {
  pack<double, A> low, high;
};

template <class A>
ETCH_INLINE wide_pack<A> widen(pack<float, A> const& x) noexcept {
  alignas(64) float in[16];
  alignas(64) double out[16];
  x.store_aligned(in);
  for (int i = 0; i < 16; ++i) out[i] = double(in[i]);
  return {pack<double, A>::load_aligned(out), pack<double, A>::load_aligned(out + 8)};
}

/// Each lane rounded to float.
template <class A>
ETCH_INLINE pack<float, A> narrow(wide_pack<A> const& x) noexcept {
  alignas(64) double in[16];
  alignas(64) float out[16];
  x.low.store_aligned(in);
  x.high.store_aligned(in + 8);
  for (int i = 0; i < 16; ++i) out[i] = float(in[i]);
  return pack<float, A>::load_aligned(out);
}

#if defined(__AVX2__)
ETCH_INLINE wide_pack<arch_t<isa::avx2>> widen(pack<float, arch_t<isa::avx2>> const& x) noexcept {
  wide_pack<arch_t<isa::avx2>> y;
  y.low.r[0] = _mm256_cvtps_pd(_mm256_castps256_ps128(x.r[0]));
  y.low.r[1] = _mm256_cvtps_pd(_mm256_extractf128_ps(x.r[0], 1));
  y.high.r[0] = _mm256_cvtps_pd(_mm256_castps256_ps128(x.r[1]));
  y.high.r[1] = _mm256_cvtps_pd(_mm256_extractf128_ps(x.r[1], 1));
  return y;
}

ETCH_INLINE pack<float, arch_t<isa::avx2>> narrow(wide_pack<arch_t<isa::avx2>> const& x) noexcept {
  pack<float, arch_t<isa::avx2>> y;
  y.r[0] = _mm256_set_m128(_mm256_cvtpd_ps(x.low.r[1]), _mm256_cvtpd_ps(x.low.r[0]));
  y.r[1] = _mm256_set_m128(_mm256_cvtpd_ps(x.high.r[1]), _mm256_cvtpd_ps(x.high.r[0]));
  return y;
}
#endif

#if defined(__AVX512F__)
ETCH_INLINE wide_pack<arch_t<isa::avx512>> widen(
    pack<float, arch_t<isa::avx512>> const& x) noexcept {
  using floats = native<typename pack<float, arch_t<isa::avx512>>::register_type>;
  wide_pack<arch_t<isa::avx512>> y;
  y.low.r[0] = _mm512_maskz_cvtps_pd(0xff, floats::lower(x.r[0]));
  y.high.r[0] = _mm512_maskz_cvtps_pd(0xff, floats::upper(x.r[0]));
  return y;
}

ETCH_INLINE pack<float, arch_t<isa::avx512>> narrow(
    wide_pack<arch_t<isa::avx512>> const& x) noexcept {
  pack<float, arch_t<isa::avx512>> y;
  __m256 const low = _mm512_maskz_cvtpd_ps(0xff, x.low.r[0]);
  __m256 const high = _mm512_maskz_cvtpd_ps(0xff, x.high.r[0]);
  y.r[0] = _mm512_maskz_insertf32x8(0xffff, _mm512_castps256_ps512(low), high, 1);
  return y;
}
#endif

}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd
