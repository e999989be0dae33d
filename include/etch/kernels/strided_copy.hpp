#pragma once

#include "etch/kernels/copy_shape.hpp"
#include "etch/kernels/interleave_lines.hpp"
#include "etch/kernels/transpose_block.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {
namespace detail {

/// A simplified copy of elements of so many bytes.
template <copy_shape S, int Bytes>
struct strided_copy_kernel {
  using byte = unsigned char;
  static constexpr int inner = S.rank - 1;
  static constexpr int other = transposed_axis(S);

  /// N equal elements from an input stride of 0.
  template <long N>
  static ETCH_INLINE void fill(byte const* in, byte* out) noexcept {
    constexpr long block = 64 / Bytes;
    byte repeated[64];
    for (long i = 0; i < block; ++i) copy_element<Bytes>(in, repeated + i * Bytes);
    for (long i = 0; i < N / block; ++i) std::memcpy(out + i * 64, repeated, 64);
    std::memcpy(out + N / block * 64, repeated, static_cast<std::size_t>(N % block * Bytes));
  }

  static ETCH_INLINE void line(byte const* in, byte* out) noexcept {
    constexpr long n = S.extents[inner];
    constexpr long from = S.in_strides[inner], to = S.out_strides[inner];
    if constexpr (from == 1 && to == 1) {
      std::memcpy(out, in, static_cast<std::size_t>(n * Bytes));
    } else if constexpr (from == 0 && to == 1) {
      fill<n>(in, out);
    } else {
      for (long i = 0; i < n; ++i) copy_element<Bytes>(in + i * from * Bytes, out + i * to * Bytes);
    }
  }

  /// Axis `other`, contiguous in the input, against the last one, contiguous in the output.
  static ETCH_INLINE void transpose(byte const* in, byte* out) noexcept {
    constexpr long side = transpose_side<Bytes>;
    constexpr long wide = S.extents[other], deep = S.extents[inner];
    constexpr long in_row = S.in_strides[inner] * Bytes, out_row = S.out_strides[other] * Bytes;
    // lines of the output that are written in turn: 64 bytes of a line of the input, or less where
    // their distance makes them share the sets of the first cache
    constexpr long strip = (out_row % 4096 == 0 && Bytes < 8 ? 32 : 64) / Bytes;
    constexpr long wide_end = wide / side * side, deep_end = deep / side * side;
    if constexpr (interleaves<Bytes, deep> && out_row == deep * Bytes) {
      interleave_lines<Bytes, deep, wide>(in, in_row, out);
      return;
    }
    for (long first = 0; first < wide; first += strip) {
      long const last = first + strip < wide ? first + strip : wide;
      long const whole = last < wide_end ? last : wide_end;
      for (long j = 0; j < deep_end; j += side) {
        long i = first;
        for (; i < whole; i += side)
          transpose_block<Bytes>(in + j * in_row + i * Bytes, in_row, out + i * out_row + j * Bytes,
                                 out_row);
        for (; i < last; ++i)
          for (long k = j; k < j + side; ++k)
            copy_element<Bytes>(in + k * in_row + i * Bytes, out + i * out_row + k * Bytes);
      }
      for (long j = deep_end; j < deep; ++j)
        for (long i = first; i < last; ++i)
          copy_element<Bytes>(in + j * in_row + i * Bytes, out + i * out_row + j * Bytes);
    }
  }

  template <int Axis>
  static ETCH_INLINE void loops(byte const* in, byte* out) noexcept {
    if constexpr (Axis == other) {
      loops<Axis + 1>(in, out);
    } else if constexpr (Axis < inner) {
      for (long i = 0; i < S.extents[Axis]; ++i)
        loops<Axis + 1>(in + i * S.in_strides[Axis] * Bytes, out + i * S.out_strides[Axis] * Bytes);
    } else if constexpr (other >= 0) {
      transpose(in, out);
    } else {
      line(in, out);
    }
  }
};

}  // namespace detail

/// out[i out_strides] = in[i in_strides] for every index i: a transpose, a slice, a part of a
/// concatenation, an expansion.
/// layout    elements of Bytes = 1, 2, 4 or 8 bytes of any type, at their natural offsets from `in`
///           and `out`, which do not overlap
/// numerics  exact
/// source    axes are merged and ordered first; contiguous lines are moved whole, transposes by
///           squares in registers
template <copy_shape S, int Bytes>
void strided_copy(void const* in, void* out) noexcept {
  static_assert(Bytes == 1 || Bytes == 2 || Bytes == 4 || Bytes == 8,
                "etch: strided_copy: an element is not of 1, 2, 4 or 8 bytes");
  constexpr copy_shape simple = simplify(S);
  auto const* const from = static_cast<unsigned char const*>(in);
  auto* const to = static_cast<unsigned char*>(out);
  if constexpr (simple.rank == 0)
    detail::copy_element<Bytes>(from, to);
  else
    detail::strided_copy_kernel<simple, Bytes>::template loops<0>(from, to);
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
