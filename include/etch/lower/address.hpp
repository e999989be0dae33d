#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <etch/core/isa.hpp>
#include <etch/lower/memory.hpp>
#include <etch/plan/plan.hpp>

namespace etch::lower {
inline namespace ETCH_ISA {

namespace detail {

/// Which tile a step works on, and where its thread keeps the values of tiles.
struct tile_at {
  std::byte* values;
  std::ptrdiff_t matrix, row;
};

ETCH_INLINE std::ptrdiff_t cursor_of(memory const& m, int ring) noexcept {
  std::int64_t cursor;
  std::memcpy(&cursor, m.state + ring * static_cast<int>(sizeof cursor), sizeof cursor);
  return static_cast<std::ptrdiff_t>(cursor);
}

/// The pointer that a loop keeps to a row, see plan::walk.
template <std::int64_t Pointer>
ETCH_INLINE std::byte*& row_at(memory const& m) noexcept {
  return *reinterpret_cast<std::byte**>(m.workspace + static_cast<std::ptrdiff_t>(Pointer));
}

/// The address of a value; in a tile, that of its part; in a band, that of the whole image, of
/// which there is a part.
template <plan::location At, class Tile>
ETCH_INLINE std::byte* address(memory const& m, Tile const& tile) noexcept {
  constexpr auto offset = static_cast<std::ptrdiff_t>(At.offset);
  if constexpr (At.place == plan::place::tile && At.needed.each != 0) {
    std::int64_t const first = At.needed.begin(tile.row, At.type.shape[1]);
    return tile.values + offset - static_cast<std::ptrdiff_t>(first * At.row_bytes);
  } else if constexpr (At.place == plan::place::tile) {
    return tile.values + offset;
  } else {
    std::byte* base = m.workspace + offset;
    if constexpr (At.place == plan::place::input)
      base = static_cast<std::byte*>(const_cast<void*>(m.inputs[offset]));
    if constexpr (At.place == plan::place::state) base = m.state + offset;
    if constexpr (At.ring >= 0) base += cursor_of(m, At.ring);
    if constexpr (At.place == plan::place::row) base = row_at<At.pointer>(m) + offset;
    if constexpr (At.place == plan::place::weights)
      base = const_cast<std::byte*>(m.weights) + offset;
    if constexpr (At.row_bytes != 0) base += tile.row * At.row_bytes;
    if constexpr (At.matrix_bytes != 0) base += tile.matrix * At.matrix_bytes;
    return base;
  }
}

}  // namespace detail

}  // namespace ETCH_ISA
}  // namespace etch::lower
