#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

namespace etch::core {

/// A short list of integers that can be a template argument and an attribute: axes, pads, shapes.
template <std::size_t Capacity = 6>
struct ints {
  std::array<std::int64_t, Capacity> values{};
  std::size_t count = 0;

  constexpr ints() = default;
  template <std::integral... I>
  requires(sizeof...(I) > 0 && sizeof...(I) <= Capacity) constexpr ints(I... value)
      : values{static_cast<std::int64_t>(value)...}, count(sizeof...(I)) {}

  constexpr std::size_t size() const { return count; }
  constexpr std::int64_t operator[](std::size_t i) const { return values[i]; }
  constexpr std::int64_t& operator[](std::size_t i) { return values[i]; }
  constexpr std::int64_t const* begin() const { return values.data(); }
  constexpr std::int64_t const* end() const { return values.data() + count; }
  constexpr void push_back(std::int64_t value) { values[count++] = value; }
  constexpr bool contains(std::int64_t value) const {
    for (std::int64_t each : *this) {
      if (each == value) return true;
    }
    return false;
  }
  constexpr bool operator==(ints const&) const = default;
};

}  // namespace etch::core
