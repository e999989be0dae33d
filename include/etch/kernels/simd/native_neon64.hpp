#pragma once

#include "etch/kernels/simd/native.hpp"

#if defined(__aarch64__) || defined(_M_ARM64)

/// AArch64 by name where xsimd 8.1 keeps to the instructions of 32-bit ARM: its division, square
/// root and roundings of float are approximations or detours, its fnma rounds twice.
namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

/// What float and double share. min and max choose as the instructions of x86 do, so that NaN and
/// the sign of zero are the same everywhere.
template <class T>
struct neon64_native : portable_native<T, arch_t<isa::neon64>> {
  using R = batch<T, arch_t<isa::neon64>>;
  using M = batch_bool<T, arch_t<isa::neon64>>;

  static ETCH_INLINE R min_or_second(R a, R b) noexcept {
    return xsimd::select(opaque(a < b), a, b);
  }
  static ETCH_INLINE R max_or_second(R a, R b) noexcept {
    return xsimd::select(opaque(a > b), a, b);
  }

 private:
  /// Keeps clang 14 from making fmax of a comparison with 0, which has another sign of zero.
  static ETCH_INLINE M opaque(M where) noexcept {
#if defined(__clang__)
    asm("" : "+w"(where.data));
#endif
    return where;
  }
};

template <>
struct native<batch<float, arch_t<isa::neon64>>> : neon64_native<float> {
  static ETCH_INLINE R fnma(R a, R b, R c) noexcept { return vfmsq_f32(c, a, b); }
  static ETCH_INLINE R div(R a, R b) noexcept { return vdivq_f32(a, b); }
  static ETCH_INLINE R swap_pairs(R a) noexcept { return vrev64q_f32(a); }
  static ETCH_INLINE R sqrt(R a) noexcept { return vsqrtq_f32(a); }
  static ETCH_INLINE R floor(R a) noexcept { return vrndmq_f32(a); }
  static ETCH_INLINE R ceil(R a) noexcept { return vrndpq_f32(a); }
  static ETCH_INLINE R trunc(R a) noexcept { return vrndq_f32(a); }
  static ETCH_INLINE R round(R a) noexcept { return vrndnq_f32(a); }
};

template <>
struct native<batch<double, arch_t<isa::neon64>>> : neon64_native<double> {
  static ETCH_INLINE R fnma(R a, R b, R c) noexcept { return vfmsq_f64(c, a, b); }
  static ETCH_INLINE R div(R a, R b) noexcept { return vdivq_f64(a, b); }
  static ETCH_INLINE R swap_pairs(R a) noexcept { return vextq_f64(a, a, 1); }
  static ETCH_INLINE R sqrt(R a) noexcept { return vsqrtq_f64(a); }
  static ETCH_INLINE R floor(R a) noexcept { return vrndmq_f64(a); }
  static ETCH_INLINE R ceil(R a) noexcept { return vrndpq_f64(a); }
  static ETCH_INLINE R trunc(R a) noexcept { return vrndq_f64(a); }
  static ETCH_INLINE R round(R a) noexcept { return vrndnq_f64(a); }
};

}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd

#endif
