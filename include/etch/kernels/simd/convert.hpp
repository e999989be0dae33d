#pragma once

#include <concepts>
#include <cstdint>

#include "etch/kernels/simd/native_avx512.hpp"

namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

/// convert<R, U>: whole registers of R from and to memory of type U, where the processor has
/// instructions for it. `loads` and `stores` say which way exists; the primary template has none.
template <class R, class U>
struct convert {
  static constexpr bool loads = false, stores = false;
};

/// A bool in memory is a byte of 0 or 1.
template <class U>
concept small_or_int32 = std::same_as<U, bool> || std::same_as<U, std::uint8_t> ||
    std::same_as<U, std::int8_t> || std::same_as<U, std::int32_t>;

#if defined(__AVX512F__)
template <small_or_int32 U>
struct convert<batch<float, arch_t<isa::avx512>>, U> {
  using R = batch<float, arch_t<isa::avx512>>;
  static constexpr bool loads = true;
  static constexpr bool stores = true;

  static ETCH_INLINE R load(U const* p) noexcept {
    return _mm512_maskz_cvtepi32_ps(0xffff, integers(p));
  }
  static ETCH_INLINE void store(R x, U* p) noexcept {
    if constexpr (std::same_as<U, bool>) {
      __mmask16 const set = _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_NEQ_UQ);
      _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm_maskz_set1_epi8(set, 1));
    } else {
      __m512i const whole = _mm512_maskz_cvttps_epi32(0xffff, x);
      if constexpr (sizeof(U) == 4)
        _mm512_storeu_si512(p, whole);
      else
        _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm512_maskz_cvtepi32_epi8(0xffff, whole));
    }
  }

 private:
  static ETCH_INLINE __m512i integers(U const* p) noexcept {
    if constexpr (sizeof(U) == 4) {
      return _mm512_loadu_si512(p);
    } else {
      __m128i const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(p));
      if constexpr (std::same_as<U, std::int8_t>)
        return _mm512_maskz_cvtepi8_epi32(0xffff, bytes);
      else
        return _mm512_maskz_cvtepu8_epi32(0xffff, bytes);
    }
  }
};
#endif

#if defined(__AVX2__)
template <small_or_int32 U>
struct convert<batch<float, arch_t<isa::avx2>>, U> {
  using R = batch<float, arch_t<isa::avx2>>;
  static constexpr bool loads = true;
  static constexpr bool stores = std::same_as<U, bool> || sizeof(U) == 4;

  static ETCH_INLINE R load(U const* p) noexcept { return _mm256_cvtepi32_ps(integers(p)); }
  static ETCH_INLINE void store(R x, U* p) noexcept {
    if constexpr (sizeof(U) == 4) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm256_cvttps_epi32(x));
    } else {
      __m256i const set = _mm256_castps_si256(_mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_NEQ_UQ));
      __m128i const words =
          _mm_packs_epi32(_mm256_castsi256_si128(set), _mm256_extracti128_si256(set, 1));
      __m128i const bytes = _mm_packs_epi16(words, words);
      _mm_storel_epi64(reinterpret_cast<__m128i*>(p), _mm_and_si128(bytes, _mm_set1_epi8(1)));
    }
  }

 private:
  static ETCH_INLINE __m256i integers(U const* p) noexcept {
    if constexpr (sizeof(U) == 4) {
      return _mm256_loadu_si256(reinterpret_cast<__m256i const*>(p));
    } else {
      __m128i const bytes = _mm_loadl_epi64(reinterpret_cast<__m128i const*>(p));
      if constexpr (std::same_as<U, std::int8_t>)
        return _mm256_cvtepi8_epi32(bytes);
      else
        return _mm256_cvtepu8_epi32(bytes);
    }
  }
};
#endif

}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd
