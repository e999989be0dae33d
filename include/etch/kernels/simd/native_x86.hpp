#pragma once

#include "etch/kernels/simd/arch.hpp"

#if defined(__SSE2__) || defined(_M_X64)

/// By name: minps and maxps of 16 and 32 bytes, the second operand if either is NaN or both are
/// zero (the order in which xsimd hands over its operands changed between versions); and what xsimd
/// has no name for, lanes 2i and 2i + 1 that change places.
namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

ETCH_INLINE __m128 x86_min(__m128 a, __m128 b) noexcept { return _mm_min_ps(a, b); }
ETCH_INLINE __m128 x86_max(__m128 a, __m128 b) noexcept { return _mm_max_ps(a, b); }
ETCH_INLINE __m128d x86_min(__m128d a, __m128d b) noexcept { return _mm_min_pd(a, b); }
ETCH_INLINE __m128d x86_max(__m128d a, __m128d b) noexcept { return _mm_max_pd(a, b); }
ETCH_INLINE __m128 x86_swap_pairs(__m128 a) noexcept { return _mm_shuffle_ps(a, a, 0xb1); }
ETCH_INLINE __m128d x86_swap_pairs(__m128d a) noexcept { return _mm_shuffle_pd(a, a, 1); }
#if defined(__AVX__)
ETCH_INLINE __m256 x86_min(__m256 a, __m256 b) noexcept { return _mm256_min_ps(a, b); }
ETCH_INLINE __m256 x86_max(__m256 a, __m256 b) noexcept { return _mm256_max_ps(a, b); }
ETCH_INLINE __m256d x86_min(__m256d a, __m256d b) noexcept { return _mm256_min_pd(a, b); }
ETCH_INLINE __m256d x86_max(__m256d a, __m256d b) noexcept { return _mm256_max_pd(a, b); }
ETCH_INLINE __m256 x86_swap_pairs(__m256 a) noexcept { return _mm256_permute_ps(a, 0xb1); }
ETCH_INLINE __m256d x86_swap_pairs(__m256d a) noexcept { return _mm256_permute_pd(a, 5); }
#endif

}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd

#endif
