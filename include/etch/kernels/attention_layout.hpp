#pragma once

#include <etch/kernels/pack_layout.hpp>

// How attention keeps keys, and what it needs beside its operands.

namespace etch::kernels {

enum class attention_mask : unsigned char { none, boolean, additive };

/// Attention of `rows` queries to at most `keys` keys.
struct attention_shape {
  long batch, rows, keys;
  long heads, kv_heads;  // heads / kv_heads neighbours share keys and values
  long width, value_width;
  bool causal;
  long window;   // keys on each side of a query that take part, itself included; 0: all
  bool cached;   // keys and values as a cache holds them
  double scale;  // of the products; 0: 1 / sqrt(width)
  attention_mask mask = attention_mask::none;
  long mask_batch = 0, mask_head = 0, mask_row = 0;  // strides in elements
};

/// Rows of a tile: they share each key that is read.
inline constexpr long attention_tile_rows = 6;

/// Elements that the keys of a head take as panels of `pack_lanes` keys: [panels][width][lanes].
template <class T>
constexpr long key_panel_elements(attention_shape s) {
  return packed_dense_size<T>(s.keys, s.width);
}

/// Elements of scratch: the scores of a tile, and the panels of a head's keys where no cache has
/// them.
template <class T>
constexpr long attention_scratch(attention_shape s) {
  long const scores = attention_tile_rows * panel_count<T>(s.keys) * pack_lanes<T>;
  return scores + (s.cached ? 0 : key_panel_elements<T>(s));
}

}  // namespace etch::kernels
