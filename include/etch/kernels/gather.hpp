#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "etch/kernels/share.hpp"
#include "etch/kernels/simd/pack.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

struct gather_shape {
  long count;        // indices
  long rows, width;  // of the table
};

namespace detail {

/// The row that an index names, or -1.
template <class Index>
ETCH_INLINE long row_of(Index index, long rows) noexcept {
  static_assert(std::is_same_v<Index, std::int32_t> || std::is_same_v<Index, std::int64_t>,
                "etch: gather: an index is not int32 or int64");
  std::int64_t const i = index;
  if (i < -rows || i >= rows) return -1;
  return static_cast<long>(i < 0 ? i + rows : i);
}

}  // namespace detail

/// y[i] = table[indices[i]], rows of a table of float or double.
/// layout    table[rows][width]; indices[count]; y through sink(i, col, pack)
/// numerics  exact; an index in [-rows, 0) counts from the end; the row of any other index outside
///           [0, rows) is NaN, and nothing is read for it
/// source    ONNX Gather-13 with axis 0
template <class T, gather_shape S, class Arch = simd::default_arch, class Index, class Sink>
void gather(T const* table, Index const* indices, Sink sink) noexcept {
  using pack = simd::pack<T, Arch>;
  constexpr long lanes = simd::lanes_v<T>;
  constexpr int tail = static_cast<int>(S.width % lanes);
  constexpr long whole = S.width - tail;
  for (long i = 0; i < S.count; ++i) {
    long const row = detail::row_of(indices[i], S.rows);
    if (row >= 0) {
      T const* const from = table + row * S.width;
      for (long col = 0; col < whole; col += lanes) sink(i, col, pack::load(from + col));
      if constexpr (tail != 0) sink(i, whole, pack::load_partial(from + whole, tail), tail);
    } else {
      constexpr T nan = std::numeric_limits<T>::quiet_NaN();
      pack const missing(nan);
      for (long col = 0; col < whole; col += lanes) sink(i, col, missing);
      if constexpr (tail != 0) sink(i, whole, missing, tail);
    }
  }
}

/// out[i] = table[indices[i]], rows of a table of any element type.
/// layout    table[rows][width]; indices[count]; out[count][width], apart from the table
/// numerics  exact; an index in [-rows, 0) counts from the end; the row of any other index outside
///           [0, rows) is NaN, or zero if T has none, and nothing is read for it
/// source    ONNX Gather-13 with axis 0
template <class T, gather_shape S, class Index, class Share = whole>
void gather_rows(T const* table, Index const* indices, T* out, Share share = {}) noexcept {
  interval const mine = share.of(S.count);
  for (long i = mine.begin; i < mine.end; ++i) {
    long const row = detail::row_of(indices[i], S.rows);
    T* const to = out + i * S.width;
    if (row >= 0) {
      std::memcpy(to, table + row * S.width, static_cast<std::size_t>(S.width) * sizeof(T));
    } else {
      // quiet_NaN is 0 for types that have none
      constexpr T missing = std::numeric_limits<T>::quiet_NaN();
      for (long col = 0; col < S.width; ++col) to[col] = missing;
    }
  }
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
