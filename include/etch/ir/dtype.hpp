#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace etch::ir {

/// The type of one element of a tensor. f16 and bf16 have no C++ type: they are storage only.
enum class dtype : unsigned char { f32, f64, f16, bf16, i8, i16, i32, i64, u8, bool_ };

inline constexpr std::size_t dtype_count = 10;

/// Bytes of one element.
[[nodiscard]] constexpr std::size_t size_of(dtype type) noexcept {
  switch (type) {
    case dtype::f64:
    case dtype::i64:
      return 8;
    case dtype::f32:
    case dtype::i32:
      return 4;
    case dtype::f16:
    case dtype::bf16:
    case dtype::i16:
      return 2;
    case dtype::i8:
    case dtype::u8:
    case dtype::bool_:
      return 1;
  }
  return 0;
}

/// The name used in messages and dumps: f32, f64, f16, bf16, i8, i16, i32, i64, u8, bool.
[[nodiscard]] constexpr std::string_view to_string(dtype type) noexcept {
  switch (type) {
    case dtype::f32:
      return "f32";
    case dtype::f64:
      return "f64";
    case dtype::f16:
      return "f16";
    case dtype::bf16:
      return "bf16";
    case dtype::i8:
      return "i8";
    case dtype::i16:
      return "i16";
    case dtype::i32:
      return "i32";
    case dtype::i64:
      return "i64";
    case dtype::u8:
      return "u8";
    case dtype::bool_:
      return "bool";
  }
  return "unknown";
}

[[nodiscard]] constexpr bool is_floating(dtype type) noexcept {
  return type == dtype::f32 || type == dtype::f64 || type == dtype::f16 || type == dtype::bf16;
}

/// The C++ types that are elements of a tensor.
template <class T>
concept element =
    std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, std::int8_t> ||
    std::is_same_v<T, std::int16_t> || std::is_same_v<T, std::int32_t> ||
    std::is_same_v<T, std::int64_t> || std::is_same_v<T, std::uint8_t> || std::is_same_v<T, bool>;

namespace detail {

template <element T>
consteval dtype dtype_of() {
  if constexpr (std::is_same_v<T, float>)
    return dtype::f32;
  else if constexpr (std::is_same_v<T, double>)
    return dtype::f64;
  else if constexpr (std::is_same_v<T, std::int8_t>)
    return dtype::i8;
  else if constexpr (std::is_same_v<T, std::int16_t>)
    return dtype::i16;
  else if constexpr (std::is_same_v<T, std::int32_t>)
    return dtype::i32;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return dtype::i64;
  else if constexpr (std::is_same_v<T, std::uint8_t>)
    return dtype::u8;
  else
    return dtype::bool_;
}

}  // namespace detail

/// dtype_of<float> == dtype::f32, and so on for every `element`.
template <element T>
inline constexpr dtype dtype_of = detail::dtype_of<T>();

}  // namespace etch::ir
