#pragma once

#include "etch/kernels/simd/native.hpp"

/// Loads and stores of one register; the *_some forms touch exactly the first n elements, for any n
/// from minus infinity (none) to infinity (all).
namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

/// A single value of a plain pack.
template <class R>
struct memory {
  static ETCH_INLINE R load(R const* p) noexcept { return *p; }
  static ETCH_INLINE R load_aligned(R const* p) noexcept { return *p; }
  static ETCH_INLINE void store(R a, R* p) noexcept { *p = a; }
  static ETCH_INLINE void store_aligned(R a, R* p) noexcept { *p = a; }
  static ETCH_INLINE R load_some(R const* p, int n, R fill) noexcept { return n > 0 ? *p : fill; }
  static ETCH_INLINE void store_some(R a, R* p, int n) noexcept {
    if (n > 0) *p = a;
  }
  static ETCH_INLINE bool first(int n) noexcept { return n > 0; }
};

/// Whole registers.
template <class T, class A>
struct whole_memory {
  using R = batch<T, A>;
  static constexpr int width = int(R::size);

  static ETCH_INLINE R load(T const* p) noexcept { return R::load_unaligned(p); }
  static ETCH_INLINE R load_aligned(T const* p) noexcept { return R::load_aligned(p); }
  static ETCH_INLINE void store(R a, T* p) noexcept { a.store_unaligned(p); }
  static ETCH_INLINE void store_aligned(R a, T* p) noexcept { a.store_aligned(p); }

  static ETCH_INLINE batch_bool<T, A> first(int n) noexcept {
    alignas(64) constexpr T index[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return R::load_aligned(index) < R(static_cast<T>(n));
  }
};

/// Parts of registers through a buffer on the stack.
template <class T, class A>
struct memory<batch<T, A>> : whole_memory<T, A> {
  using R = batch<T, A>;
  static constexpr int width = int(R::size);

  static ETCH_INLINE R load_some(T const* p, int n, T fill) noexcept {
    if (n >= width) return R::load_unaligned(p);
    alignas(64) T buffer[width];
    for (int i = 0; i < width; ++i) buffer[i] = i < n ? p[i] : fill;
    return R::load_aligned(buffer);
  }
  static ETCH_INLINE void store_some(R a, T* p, int n) noexcept {
    if (n >= width) return a.store_unaligned(p);
    alignas(64) T buffer[width];
    a.store_aligned(buffer);
    for (int i = 0; i < width; ++i)
      if (i < n) p[i] = buffer[i];
  }
};

#if defined(__AVX2__)
template <>
struct memory<batch<float, arch_t<isa::avx2>>> : whole_memory<float, arch_t<isa::avx2>> {
  static ETCH_INLINE R load_some(float const* p, int n, float fill) noexcept {
    auto const some = first(n);
    return xsimd::select(some, R(_mm256_maskload_ps(p, _mm256_castps_si256(some.data))), R(fill));
  }
  static ETCH_INLINE void store_some(R a, float* p, int n) noexcept {
    _mm256_maskstore_ps(p, _mm256_castps_si256(first(n).data), a);
  }
};

template <>
struct memory<batch<double, arch_t<isa::avx2>>> : whole_memory<double, arch_t<isa::avx2>> {
  static ETCH_INLINE R load_some(double const* p, int n, double fill) noexcept {
    auto const some = first(n);
    return xsimd::select(some, R(_mm256_maskload_pd(p, _mm256_castpd_si256(some.data))), R(fill));
  }
  static ETCH_INLINE void store_some(R a, double* p, int n) noexcept {
    _mm256_maskstore_pd(p, _mm256_castpd_si256(first(n).data), a);
  }
};
#endif

#if defined(__AVX512F__)
/// The lowest n bits, n limited to [0, width].
ETCH_INLINE unsigned low_bits(int n, int width) noexcept {
  int const kept = n < 0 ? 0 : n > width ? width : n;
  return (1u << kept) - 1u;
}

template <>
struct memory<batch<float, arch_t<isa::avx512>>> : whole_memory<float, arch_t<isa::avx512>> {
  static ETCH_INLINE __mmask16 bits(int n) noexcept {
    return static_cast<__mmask16>(low_bits(n, width));
  }
  static ETCH_INLINE batch_bool<float, arch_t<isa::avx512>> first(int n) noexcept {
    return bits(n);
  }
  /// Half a register or one number is moved as such where the compiler knows that it is one: a
  /// masked access takes the time of a whole one, which more often crosses a line of the cache.
  static ETCH_INLINE R load_some(float const* p, int n, float fill) noexcept {
#if defined(__GNUC__)
    if (__builtin_constant_p(n) && __builtin_constant_p(fill) && fill == 0) {
      if (n == width / 2) return _mm512_maskz_broadcast_f32x8(0x00ff, _mm256_loadu_ps(p));
      if (n == 1) return __m512{*p};
    }
#endif
    return _mm512_mask_loadu_ps(R(fill), bits(n), p);
  }
  static ETCH_INLINE void store_some(R a, float* p, int n) noexcept {
#if defined(__GNUC__)
    if (__builtin_constant_p(n)) {
      if (n == width / 2) return _mm256_storeu_ps(p, native<R>::lower(a));
      if (n == 1) {
        *p = a.data[0];
        return;
      }
    }
#endif
    _mm512_mask_storeu_ps(p, bits(n), a);
  }
};

template <>
struct memory<batch<double, arch_t<isa::avx512>>> : whole_memory<double, arch_t<isa::avx512>> {
  static ETCH_INLINE __mmask8 bits(int n) noexcept {
    return static_cast<__mmask8>(low_bits(n, width));
  }
  static ETCH_INLINE batch_bool<double, arch_t<isa::avx512>> first(int n) noexcept {
    return bits(n);
  }
  static ETCH_INLINE R load_some(double const* p, int n, double fill) noexcept {
    return _mm512_mask_loadu_pd(R(fill), bits(n), p);
  }
  static ETCH_INLINE void store_some(R a, double* p, int n) noexcept {
    _mm512_mask_storeu_pd(p, bits(n), a);
  }
};
#endif

}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd
