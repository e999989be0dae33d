#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <etch/ir/dtype.hpp>

namespace etch::runtime {

/// How a weights file stores one element: more types exist in files than etch computes with.
struct storage_type {
  std::string_view name;          ///< as safetensors spells it: "F32"
  unsigned bits = 0;              ///< of one element
  std::optional<ir::dtype> type;  ///< empty: well formed, but etch has no such dtype

  friend constexpr bool operator==(storage_type const& a, storage_type const& b) noexcept {
    return a.name == b.name;
  }
};

/// Every dtype of the safetensors format.
/// source  huggingface/safetensors, `Dtype` of safetensors/src/tensor.rs
inline constexpr std::array<storage_type, 22> storage_types{{
    {"F32", 32, ir::dtype::f32},      {"F64", 64, ir::dtype::f64},
    {"F16", 16, ir::dtype::f16},      {"BF16", 16, ir::dtype::bf16},
    {"I8", 8, ir::dtype::i8},         {"I16", 16, ir::dtype::i16},
    {"I32", 32, ir::dtype::i32},      {"I64", 64, ir::dtype::i64},
    {"U8", 8, ir::dtype::u8},         {"BOOL", 8, ir::dtype::bool_},
    {"U16", 16, std::nullopt},        {"U32", 32, std::nullopt},
    {"U64", 64, std::nullopt},        {"C64", 64, std::nullopt},
    {"F8_E5M2", 8, std::nullopt},     {"F8_E4M3", 8, std::nullopt},
    {"F8_E8M0", 8, std::nullopt},     {"F8_E5M2FNUZ", 8, std::nullopt},
    {"F8_E4M3FNUZ", 8, std::nullopt}, {"F6_E2M3", 6, std::nullopt},
    {"F6_E3M2", 6, std::nullopt},     {"F4", 4, std::nullopt},
}};

[[nodiscard]] constexpr std::optional<storage_type> storage_type_named(std::string_view name) {
  for (storage_type const& known : storage_types)
    if (known.name == name) return known;
  return std::nullopt;
}

[[nodiscard]] constexpr storage_type storage_of(ir::dtype type) {
  for (storage_type const& known : storage_types)
    if (known.type == type) return known;
  return {};
}

/// Bytes of a tensor; empty if a dimension is negative, if the elements do not fill whole bytes, or
/// if the bits of the dimensions that are not 0 cannot be counted in 63 bits.
[[nodiscard]] constexpr std::optional<std::uint64_t> bytes_of(storage_type const& type,
                                                              std::span<std::int64_t const> shape) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::uint64_t bits = type.bits;
  bool is_empty = false;
  for (std::int64_t const extent : shape) {
    if (extent < 0) return std::nullopt;
    if (extent == 0) {
      is_empty = true;
      continue;
    }
    if (bits > most / static_cast<std::uint64_t>(extent)) return std::nullopt;
    bits *= static_cast<std::uint64_t>(extent);
  }
  if (is_empty) return 0;
  if (bits % 8 != 0) return std::nullopt;
  return bits / 8;
}

/// `f32[128,784]`; a type that etch does not have is spelt as the file spells it.
[[nodiscard]] inline std::string describe(storage_type const& type,
                                          std::span<std::int64_t const> shape) {
  std::string text(type.type ? to_string(*type.type) : type.name);
  text += '[';
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ',';
    text += std::to_string(shape[i]);
  }
  text += ']';
  return text;
}

}  // namespace etch::runtime
