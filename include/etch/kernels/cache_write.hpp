#pragma once

#include <cstring>

#include "etch/kernels/attention_layout.hpp"
#include "etch/kernels/simd/registers.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

struct cache_shape {
  long rows;  // of the block that is written
  long capacity, heads, width;
};

/// Rows first, first + 1, ... of a cache of keys become those of a block; rows that the cache does
/// not have are left out.
/// layout    x[rows][heads][width]; cache[heads][panels][width][lanes], key j in lane j % lanes
/// numerics  exact
template <class T, cache_shape S>
void write_keys(T const* x, long first, T* cache) noexcept {
  constexpr long lanes = simd::lanes_v<T>;
  constexpr long head_elements = packed_dense_size<T>(S.capacity, S.width);
  for (long t = 0; t < S.rows; ++t) {
    if (first < -t || first >= S.capacity - t) continue;
    long const row = first + t;
    for (long head = 0; head < S.heads; ++head) {
      T const* const from = x + (t * S.heads + head) * S.width;
      T* const to = cache + head * head_elements + row / lanes * S.width * lanes + row % lanes;
      for (long i = 0; i < S.width; ++i) to[i * lanes] = from[i];
    }
  }
}

/// The same for values.
/// layout    x[rows][heads][width]; cache[heads][capacity][width]
/// numerics  exact
template <class T, cache_shape S>
void write_values(T const* x, long first, T* cache) noexcept {
  for (long t = 0; t < S.rows; ++t) {
    if (first < -t || first >= S.capacity - t) continue;
    for (long head = 0; head < S.heads; ++head)
      std::memcpy(cache + (head * S.capacity + first + t) * S.width,
                  x + (t * S.heads + head) * S.width,
                  static_cast<std::size_t>(S.width) * sizeof(T));
  }
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
