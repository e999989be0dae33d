#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "etch/kernels/simd/bits.hpp"

/// Tables of eight floats that stay in a register or two.
namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

using table_of_8 = std::array<float, 8>;

/// One register: where its lanes look, and what they find there. A single value, or a set without
/// permutations by lane: one load for each.
template <class R>
struct lookup_register {
  using place = bits_of<R>;
  static ETCH_INLINE place at(bits_of<R> index) noexcept { return index & 7; }
  static ETCH_INLINE R find(table_of_8 const& table, place at) noexcept { return table[at]; }
};

template <class A>
struct lookup_register<batch<float, A>> {
  using R = batch<float, A>;
  using bits = typename bit_register<R>::type;
#if defined(__aarch64__) || defined(_M_ARM64)
  /// Four bytes of a lane find four bytes of 32.
  using place = uint8x16_t;
  static ETCH_INLINE place at(bits index) noexcept {
    uint32x4_t const first = vmulq_n_u32(vandq_u32(index.data, vdupq_n_u32(7)), 0x04040404);
    return vreinterpretq_u8_u32(vaddq_u32(first, vdupq_n_u32(0x03020100)));
  }
  static ETCH_INLINE R find(table_of_8 const& table, place at) noexcept {
    uint8x16x2_t const bytes{vreinterpretq_u8_f32(vld1q_f32(table.data())),
                             vreinterpretq_u8_f32(vld1q_f32(table.data() + 4))};
    return vreinterpretq_f32_u8(vqtbl2q_u8(bytes, at));
  }
#elif defined(__AVX2__)
  using place = bits;
  static ETCH_INLINE place at(bits index) noexcept { return index; }
  static ETCH_INLINE R find(table_of_8 const& table, place at) noexcept {
#if defined(__AVX512F__)
    if constexpr (is_avx512<A>)
      return _mm512_maskz_permutexvar_ps(
          0xffff, at, _mm512_maskz_broadcast_f32x8(0xffff, _mm256_loadu_ps(table.data())));
    else
#endif
      return _mm256_permutevar8x32_ps(_mm256_loadu_ps(table.data()), at);
  }
#elif defined(__SSSE3__)
  /// Bytes of the lower and of the upper half of a table; one whose highest bit is set finds 0.
  struct place {
    __m128i lower, upper;
  };
  static ETCH_INLINE place at(bits index) noexcept {
    __m128i const four = _mm_slli_epi32(index, 2);
    __m128i const first =
        _mm_shuffle_epi8(four, _mm_set_epi8(12, 12, 12, 12, 8, 8, 8, 8, 4, 4, 4, 4, 0, 0, 0, 0));
    __m128i const byte = _mm_or_si128(first, _mm_set1_epi32(0x03020100));
    return {_mm_add_epi8(byte, _mm_set1_epi8(0x70)), _mm_sub_epi8(byte, _mm_set1_epi8(0x10))};
  }
  static ETCH_INLINE R find(table_of_8 const& table, place at) noexcept {
    auto const half = [&](float const* from, __m128i where) ETCH_INLINE_LAMBDA {
      return _mm_shuffle_epi8(_mm_castps_si128(_mm_loadu_ps(from)), where);
    };
    return _mm_castsi128_ps(
        _mm_or_si128(half(table.data(), at.lower), half(table.data() + 4, at.upper)));
  }
#else
  using place = bits;
  static ETCH_INLINE place at(bits index) noexcept { return index; }
  static ETCH_INLINE R find(table_of_8 const& table, place at) noexcept {
    alignas(64) std::uint32_t index[R::size];
    alignas(64) float found[R::size];
    at.store_aligned(index);
    for (std::size_t i = 0; i < R::size; ++i) found[i] = table[index[i] & 7];
    return R::load_aligned(found);
  }
#endif
};

/// The lowest three bits of each lane of `index`, whose next five bits are 0.
template <class A>
struct table_index {
  using way = lookup_register<typename pack<float, A>::register_type>;
  static constexpr int regs = pack<float, A>::regs;
  typename way::place r[regs];

  ETCH_INLINE explicit table_index(bits<float, A> const& index) noexcept {
    for_registers<regs>([&](int i) ETCH_INLINE_LAMBDA { r[i] = way::at(index.r[i]); });
  }
};

/// table[index of the lane]
template <class A>
ETCH_INLINE pack<float, A> lookup(table_of_8 const& table, table_index<A> const& index) noexcept {
  pack<float, A> y;
  for_registers<pack<float, A>::regs>(
      [&](int i) ETCH_INLINE_LAMBDA { y.r[i] = table_index<A>::way::find(table, index.r[i]); });
  return y;
}

/// A polynomial for each of eight intervals: coefficients[k][interval] of x^k.
template <std::size_t K = 0, std::size_t N, class A>
ETCH_INLINE pack<float, A> piecewise_horner(std::array<table_of_8, N> const& coefficients,
                                            table_index<A> const& interval,
                                            pack<float, A> const& x) noexcept {
  pack<float, A> const c = lookup(coefficients[K], interval);
  if constexpr (K + 1 == N)
    return c;
  else
    return fma(piecewise_horner<K + 1>(coefficients, interval, x), x, c);
}

}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd
