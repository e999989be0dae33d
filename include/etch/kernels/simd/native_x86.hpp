#pragma once

#include "etch/kernels/simd/arch.hpp"

#if defined(__SSE2__) || defined(_M_X64)

/// minps and maxps of 16 and 32 bytes: the second operand if either is NaN or both are zero. The
/// order in which xsimd hands over its operands changed between versions.
namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

ETCH_INLINE __m128 x86_min(__m128 a, __m128 b) noexcept { return _mm_min_ps(a, b); }
ETCH_INLINE __m128 x86_max(__m128 a, __m128 b) noexcept { return _mm_max_ps(a, b); }
ETCH_INLINE __m128d x86_min(__m128d a, __m128d b) noexcept { return _mm_min_pd(a, b); }
ETCH_INLINE __m128d x86_max(__m128d a, __m128d b) noexcept { return _mm_max_pd(a, b); }
#if defined(__AVX__)
ETCH_INLINE __m256 x86_min(__m256 a, __m256 b) noexcept { return _mm256_min_ps(a, b); }
ETCH_INLINE __m256 x86_max(__m256 a, __m256 b) noexcept { return _mm256_max_ps(a, b); }
ETCH_INLINE __m256d x86_min(__m256d a, __m256d b) noexcept { return _mm256_min_pd(a, b); }
ETCH_INLINE __m256d x86_max(__m256d a, __m256d b) noexcept { return _mm256_max_pd(a, b); }
#endif

}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd

#endif
