#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "etch/core/isa.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {
namespace detail {

template <int Bytes>
using element_bits = std::conditional_t<
    Bytes == 1, std::uint8_t,
    std::conditional_t<Bytes == 2, std::uint16_t,
                       std::conditional_t<Bytes == 4, std::uint32_t, std::uint64_t>>>;

/// One element, whatever its type.
template <int Bytes>
ETCH_INLINE void copy_element(unsigned char const* from, unsigned char* to) noexcept {
  element_bits<Bytes> bits;
  std::memcpy(&bits, from, Bytes);
  std::memcpy(to, &bits, Bytes);
}

#if defined(__GNUC__)
template <int Bytes>
struct quad {  // 16 bytes of elements
  typedef element_bits<Bytes> type __attribute__((vector_size(16)));
};
template <int Bytes>
using quad_t = typename quad<Bytes>::type;

/// a0 b0 a1 b1 ... from element First of both on.
template <int Bytes, int First, int... I>
ETCH_INLINE quad_t<Bytes> interleave(quad_t<Bytes> a, quad_t<Bytes> b,
                                     std::integer_sequence<int, I...>) noexcept {
  constexpr int n = 16 / Bytes;
  return __builtin_shufflevector(a, b, (First + I / 2 + (I % 2) * n)...);
}
#endif

}  // namespace detail

/// Side of the square that transpose_block moves: 16 bytes of elements.
template <int Bytes>
inline constexpr long transpose_side = 16 / Bytes;

/// to[j][i] = from[i][j] for a square of transpose_side elements of 1, 2, 4 or 8 bytes.
/// layout    rows of `from` in_stride bytes apart, of `to` out_stride bytes; any alignment; apart
/// numerics  exact
/// source    interleaving by halves, log2(side) times
template <int Bytes>
ETCH_INLINE void transpose_block(unsigned char const* from, long in_stride, unsigned char* to,
                                 long out_stride) noexcept {
  constexpr int n = transpose_side<Bytes>;
#if defined(__GNUC__)
  using row = detail::quad_t<Bytes>;
  constexpr auto lanes = std::make_integer_sequence<int, n>{};
  row before[n], after[n];
#pragma GCC unroll 16
  for (int i = 0; i < n; ++i) std::memcpy(&before[i], from + i * in_stride, 16);
#pragma GCC unroll 4
  for (int width = 1; width < n; width *= 2) {
#pragma GCC unroll 8
    for (int i = 0; i < n / 2; ++i) {
      after[2 * i] = detail::interleave<Bytes, 0>(before[i], before[i + n / 2], lanes);
      after[2 * i + 1] = detail::interleave<Bytes, n / 2>(before[i], before[i + n / 2], lanes);
    }
#pragma GCC unroll 16
    for (int i = 0; i < n; ++i) before[i] = after[i];
  }
#pragma GCC unroll 16
  for (int i = 0; i < n; ++i) std::memcpy(to + i * out_stride, &before[i], 16);
#else
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      detail::copy_element<Bytes>(from + i * in_stride + j * Bytes,
                                  to + j * out_stride + i * Bytes);
#endif
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
