#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include <etch/ir/dtype.hpp>

namespace etch::ir {

inline constexpr int max_rank = 6;

/// The extents of a tensor, outermost first. Every extent is positive.
struct shape {
  std::array<std::int64_t, max_rank> extents{};
  int rank = 0;

  constexpr shape() = default;
  template <std::integral... I>
  requires(sizeof...(I) > 0 && sizeof...(I) <= max_rank) constexpr explicit shape(I... extent)
      : extents{static_cast<std::int64_t>(extent)...}, rank(static_cast<int>(sizeof...(I))) {}

  constexpr std::int64_t operator[](int i) const { return extents[static_cast<std::size_t>(i)]; }
  constexpr std::int64_t& operator[](int i) { return extents[static_cast<std::size_t>(i)]; }
  constexpr void push_back(std::int64_t extent) {
    extents[static_cast<std::size_t>(rank++)] = extent;
  }

  constexpr std::int64_t elements() const { return product(0, rank); }

  /// The product of the extents of [first, last).
  constexpr std::int64_t product(int first, int last) const {
    std::int64_t n = 1;
    for (int i = first; i < last; ++i) n *= (*this)[i];
    return n;
  }

  constexpr bool operator==(shape const&) const = default;
};

/// What a value of the graph is: the dtype of its elements and its shape.
struct tensor_type {
  ir::dtype dtype = ir::dtype::f32;
  ir::shape shape;

  constexpr int rank() const { return shape.rank; }
  constexpr std::int64_t elements() const { return shape.elements(); }
  constexpr std::int64_t bytes() const {
    return elements() * static_cast<std::int64_t>(size_of(dtype));
  }
  constexpr bool operator==(tensor_type const&) const = default;
};

template <std::integral... I>
constexpr tensor_type f32(I... extent) {
  return {dtype::f32, shape(extent...)};
}

/// -1 counts from the end, as in NumPy; out of range stays out of range.
constexpr int normalised_axis(std::int64_t axis, int rank) {
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

/// The NumPy broadcast of two shapes; `ok` is false where they do not fit.
struct broadcast_result {
  ir::shape shape;
  bool ok = true;
};

constexpr broadcast_result broadcast(shape const& a, shape const& b) {
  broadcast_result result;
  result.shape.rank = a.rank > b.rank ? a.rank : b.rank;
  for (int i = 1; i <= result.shape.rank; ++i) {
    std::int64_t const x = i <= a.rank ? a[a.rank - i] : 1;
    std::int64_t const y = i <= b.rank ? b[b.rank - i] : 1;
    if (x != y && x != 1 && y != 1) result.ok = false;
    result.shape[result.shape.rank - i] = x == 1 ? y : x;
  }
  return result;
}

}  // namespace etch::ir
