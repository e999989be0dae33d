#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>

#include "etch/kernels/simd/native_x86.hpp"
#include "etch/kernels/simd/registers.hpp"

namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

template <class T, class A>
using batch = xsimd::batch<T, A>;
template <class T, class A>
using batch_bool = xsimd::batch_bool<T, A>;

/// native<R>: instructions of the register type R where processors, compilers or versions of xsimd
/// differ; everything else is written with the operators of R. The primary template is a single
/// value of a plain pack.
template <class T>
struct native {
  static ETCH_INLINE T fma(T a, T b, T c) noexcept {
    if constexpr (scalar_fma) return std::fma(a, b, c);
    T const product = a * b;  // a statement of its own: clang contracts within one
    return product + c;
  }
  static ETCH_INLINE T fnma(T a, T b, T c) noexcept {
    if constexpr (scalar_fma) return std::fma(-a, b, c);
    T const product = a * b;
    return c - product;
  }
  static ETCH_INLINE T div(T a, T b) noexcept { return a / b; }
  static ETCH_INLINE bool not_equal(T a, T b) noexcept { return !(a == b); }
  static ETCH_INLINE T min_or_second(T a, T b) noexcept { return a < b ? a : b; }
  static ETCH_INLINE T max_or_second(T a, T b) noexcept { return a > b ? a : b; }
  static ETCH_INLINE T select(bool where, T a, T b) noexcept { return where ? a : b; }
  static ETCH_INLINE bool isnan(T a) noexcept { return a != a; }
  static ETCH_INLINE T abs(T a) noexcept { return std::fabs(a); }
  static ETCH_INLINE T neg(T a) noexcept { return -a; }
  static ETCH_INLINE T copysign(T a, T sign) noexcept { return std::copysign(a, sign); }
  static ETCH_INLINE T sqrt(T a) noexcept { return std::sqrt(a); }
  static ETCH_INLINE T floor(T a) noexcept { return std::floor(a); }
  static ETCH_INLINE T ceil(T a) noexcept { return std::ceil(a); }
  static ETCH_INLINE T trunc(T a) noexcept { return std::trunc(a); }
  static ETCH_INLINE T round(T a) noexcept { return std::nearbyint(a); }

  /// Keeps gcc from contracting a product and a later sum into one fma.
  static ETCH_INLINE T apart(T product) noexcept {
#if defined(__GNUC__) && !defined(__clang__)
    if constexpr (scalar_fma) asm("" : "+m"(product));
#endif
    return product;
  }
};

/// The operations of a batch as xsimd writes them.
template <class T, class A>
struct portable_native {
  using R = batch<T, A>;
  using M = batch_bool<T, A>;
  /// All bits but the sign. (The operands of bitwise_andnot changed places after xsimd 8.)
  static constexpr T magnitude = __builtin_bit_cast(
      T, std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>(
             sizeof(T) == 4 ? std::int64_t{0x7fffffff} : std::int64_t{0x7fffffffffffffff}));

  static ETCH_INLINE R fma(R a, R b, R c) noexcept {
    if constexpr (has_fma<A>)
      return xsimd::fma(a, b, c);
    else
      return apart(a * b) + c;
  }
  static ETCH_INLINE R fnma(R a, R b, R c) noexcept {
    if constexpr (has_fma<A>)
      return xsimd::fnma(a, b, c);
    else
      return c - apart(a * b);
  }
  static ETCH_INLINE R div(R a, R b) noexcept { return a / b; }
  /// On AVX the operator != of xsimd 8.1 says false for NaN.
  static ETCH_INLINE M not_equal(R a, R b) noexcept { return !(a == b); }
#if defined(__SSE2__) || defined(_M_X64)
  static ETCH_INLINE R min_or_second(R a, R b) noexcept { return x86_min(a.data, b.data); }
  static ETCH_INLINE R max_or_second(R a, R b) noexcept { return x86_max(a.data, b.data); }
  static ETCH_INLINE R swap_pairs(R a) noexcept { return x86_swap_pairs(a.data); }
#else
  static ETCH_INLINE R min_or_second(R a, R b) noexcept { return xsimd::select(a < b, a, b); }
  static ETCH_INLINE R max_or_second(R a, R b) noexcept { return xsimd::select(a > b, a, b); }
#endif
  static ETCH_INLINE R select(M where, R a, R b) noexcept { return xsimd::select(where, a, b); }
  static ETCH_INLINE M isnan(R a) noexcept { return xsimd::isnan(a); }
  static ETCH_INLINE R abs(R a) noexcept { return a & R(magnitude); }
  static ETCH_INLINE R neg(R a) noexcept { return a ^ R(T(-0.0)); }
  static ETCH_INLINE R copysign(R a, R sign) noexcept {
    return (a & R(magnitude)) | (sign & R(T(-0.0)));
  }
  static ETCH_INLINE R sqrt(R a) noexcept { return xsimd::sqrt(a); }
  static ETCH_INLINE R floor(R a) noexcept {
    if constexpr (without_rounding) {
      R const near = nearest(a);
      return copysign(near - xsimd::select(near > a, R(T(1)), R(T(0))), a);
    } else {
      return xsimd::floor(a);
    }
  }
  static ETCH_INLINE R ceil(R a) noexcept {
    if constexpr (without_rounding) {
      R const near = nearest(a);
      return copysign(near + xsimd::select(near < a, R(T(1)), R(T(0))), a);
    } else {
      return xsimd::ceil(a);
    }
  }
  static ETCH_INLINE R trunc(R a) noexcept {
    if constexpr (without_rounding)
      return copysign(floor(abs(a)), a);
    else
      return xsimd::trunc(a);
  }
  static ETCH_INLINE R round(R a) noexcept { return xsimd::nearbyint(a); }

  /// Without SSE4.1 xsimd 8.1 rounds by way of integers, which overflow, and loses the sign of
  /// zero.
  static constexpr bool without_rounding = std::is_same_v<A, arch_t<isa::sse2>>;
  static ETCH_INLINE R nearest(R a) noexcept {
    R const magnitude_of = abs(a), whole(sizeof(T) == 4 ? T(0x1p23) : T(0x1p52));
    R const near = copysign((magnitude_of + whole) - whole, a);
    return xsimd::select(magnitude_of < whole, near, a);
  }

  static ETCH_INLINE R apart(R product) noexcept {
#if defined(__GNUC__) && !defined(__clang__)
#if defined(__FMA__) || defined(__AVX512F__)
    asm("" : "+v"(product.data));
#elif defined(__aarch64__)
    asm("" : "+w"(product.data));
#endif
#endif
    return product;
  }
};

template <class T, class A>
struct native<batch<T, A>> : portable_native<T, A> {};

}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd
