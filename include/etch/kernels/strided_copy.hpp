#pragma once

#include "etch/kernels/copy_shape.hpp"
#include "etch/kernels/interleave_lines.hpp"
#include "etch/kernels/share.hpp"
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

  /// Elements of a piece of a line that threads share.
  static constexpr long chunk = 4096 / Bytes;

  /// Pieces `mine` of a line; they are one piece where there are other lines to be shared.
  template <bool All>
  static ETCH_INLINE void line(byte const* in, byte* out, [[maybe_unused]] interval mine) noexcept {
    constexpr long n = S.extents[inner];
    constexpr long from = S.in_strides[inner], to = S.out_strides[inner];
    if constexpr (from == 0 && to == 1) {
      fill<n>(in, out);
    } else {
      long begin = 0, end = n;
      if constexpr (!All && S.rank == 1) {
        begin = mine.begin * chunk;
        if (mine.end * chunk < n) end = mine.end * chunk;
      }
      if constexpr (from == 1 && to == 1)
        std::memcpy(out + begin * Bytes, in + begin * Bytes,
                    static_cast<std::size_t>((end - begin) * Bytes));
      else
        for (long i = begin; i < end; ++i)
          copy_element<Bytes>(in + i * from * Bytes, out + i * to * Bytes);
    }
  }

  // Of a transpose: axis `other`, contiguous in the input, against the last one, contiguous in the
  // output.
  static constexpr bool transposes = other >= 0;
  static constexpr long wide = transposes ? S.extents[transposes ? other : 0] : 1;
  static constexpr long out_row = transposes ? S.out_strides[transposes ? other : 0] * Bytes : 0;
  static constexpr bool few_lines =
      transposes && interleaves<Bytes, S.extents[inner]> && out_row == S.extents[inner] * Bytes;

  /// Lines of the output that are written in turn: 64 bytes of a line of the input, or less where
  /// their distance makes them share the sets of the first cache.
  static constexpr long strip =
      few_lines ? chunk : (out_row % 4096 == 0 && Bytes < 8 ? 32 : 64) / Bytes;

  /// Strips `mine` of a transpose.
  static ETCH_INLINE void transpose(byte const* in, byte* out, interval mine) noexcept {
    constexpr long side = transpose_side<Bytes>;
    constexpr long deep = S.extents[inner], in_row = S.in_strides[inner] * Bytes;
    constexpr long wide_end = wide / side * side, deep_end = deep / side * side;
    long const end = mine.end * strip < wide ? mine.end * strip : wide;
    if constexpr (few_lines) {
      long const first = mine.begin * strip;
      interleave_lines<Bytes, deep>(in + first * Bytes, in_row, out + first * out_row, end - first);
      return;
    }
    for (long first = mine.begin * strip; first < end; first += strip) {
      long const last = first + strip < end ? first + strip : end;
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

  /// Independent pieces of the axes from `axis` on: strips of transposes, or lines.
  static constexpr long pieces_from(int axis) {
    long pieces = transposes ? (wide + strip - 1) / strip : 1;
    if (S.rank == 1 && S.in_strides[inner] != 0) pieces = (S.extents[inner] + chunk - 1) / chunk;
    for (; axis < inner; ++axis)
      if (axis != other) pieces *= S.extents[axis];
    return pieces;
  }

  /// Pieces `mine` of the axes from `Axis` on, with All every one of them.
  template <int Axis, bool All>
  static ETCH_INLINE void loops(byte const* in, byte* out, interval mine) noexcept {
    if constexpr (Axis == other) {
      loops<Axis + 1, All>(in, out, mine);
    } else if constexpr (Axis < inner) {
      constexpr long each = pieces_from(Axis + 1);
      long const begin = All ? 0 : mine.begin / each;
      long const end = All ? S.extents[Axis] : (mine.end + each - 1) / each;
      for (long i = begin; i < end; ++i) {
        interval inside{0, each};
        if constexpr (!All) {
          if (mine.begin > i * each) inside.begin = mine.begin - i * each;
          if (mine.end < (i + 1) * each) inside.end = mine.end - i * each;
        }
        loops<Axis + 1, All>(in + i * S.in_strides[Axis] * Bytes,
                             out + i * S.out_strides[Axis] * Bytes, inside);
      }
    } else if constexpr (transposes) {
      transpose(in, out, mine);
    } else {
      line<All>(in, out, mine);
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
template <copy_shape S, int Bytes, class Share = whole>
void strided_copy(void const* in, void* out, Share share = {}) noexcept {
  static_assert(Bytes == 1 || Bytes == 2 || Bytes == 4 || Bytes == 8,
                "etch: strided_copy: an element is not of 1, 2, 4 or 8 bytes");
  constexpr copy_shape simple = simplify(S);
  auto const* const from = static_cast<unsigned char const*>(in);
  auto* const to = static_cast<unsigned char*>(out);
  if constexpr (simple.rank == 0) {
    interval const mine = share.of(1);
    if (mine.begin < mine.end) detail::copy_element<Bytes>(from, to);
  } else {
    using kernel = detail::strided_copy_kernel<simple, Bytes>;
    interval const mine = share.of(kernel::pieces_from(0));
    if (mine.begin < mine.end)
      kernel::template loops<0, std::is_same_v<Share, whole>>(from, to, mine);
  }
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
