#pragma once

#include "etch/kernels/copy_shape.hpp"
#include "etch/kernels/transpose_block.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {
namespace detail {

/// The axes from `axis` on of a simplified copy.
template <int Bytes>
void copy_axes(copy_shape const& s, int axis, unsigned char const* in,
               unsigned char* out) noexcept {
  int const inner = s.rank - 1, other = transposed_axis(s);
  if (axis == other) return copy_axes<Bytes>(s, axis + 1, in, out);
  if (axis < inner) {
    for (long i = 0; i < s.extents[axis]; ++i)
      copy_axes<Bytes>(s, axis + 1, in + i * s.in_strides[axis] * Bytes,
                       out + i * s.out_strides[axis] * Bytes);
    return;
  }
  long const n = s.extents[inner], from = s.in_strides[inner], to = s.out_strides[inner];
  if (from == 1 && to == 1) {
    std::memcpy(out, in, static_cast<std::size_t>(n * Bytes));
  } else if (other < 0) {
    for (long i = 0; i < n; ++i) copy_element<Bytes>(in + i * from * Bytes, out + i * to * Bytes);
  } else {
    constexpr long side = transpose_side<Bytes>;
    long const wide = s.extents[other], in_row = from * Bytes;
    long const out_row = s.out_strides[other] * Bytes;
    for (long i = 0; i < wide; i += side) {
      for (long j = 0; j < n; j += side) {
        unsigned char const* const square = in + j * in_row + i * Bytes;
        unsigned char* const turned = out + i * out_row + j * Bytes;
        if (i + side <= wide && j + side <= n) {
          transpose_block<Bytes>(square, in_row, turned, out_row);
          continue;
        }
        for (long k = 0; k < side && i + k < wide; ++k)
          for (long l = 0; l < side && j + l < n; ++l)
            copy_element<Bytes>(square + l * in_row + k * Bytes, turned + k * out_row + l * Bytes);
      }
    }
  }
}

}  // namespace detail

/// strided_copy of extents and distances that are known in the call.
template <int Bytes>
void copy_in_call(copy_shape const& s, void const* in, void* out) noexcept {
  copy_shape const simple = simplify(s);
  auto const* const from = static_cast<unsigned char const*>(in);
  auto* const to = static_cast<unsigned char*>(out);
  if (simple.rank == 0)
    detail::copy_element<Bytes>(from, to);
  else
    detail::copy_axes<Bytes>(simple, 0, from, to);
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
