#pragma once

#include <cstdint>
#include <type_traits>

#include <etch/ir/dtype.hpp>

namespace etch::ir {

/// Calls `take` with the C++ type of a dtype; with `FloatingOnly`, only for f32 and f64. Types that
/// do not compute (f16, bf16) and those excluded are passed over.
template <bool FloatingOnly = false, class Take>
constexpr void visit_dtype(dtype type, Take&& take) {
  if (type == dtype::f32) return take(std::type_identity<float>{});
  if (type == dtype::f64) return take(std::type_identity<double>{});
  if constexpr (!FloatingOnly) {
    if (type == dtype::i8) return take(std::type_identity<std::int8_t>{});
    if (type == dtype::i16) return take(std::type_identity<std::int16_t>{});
    if (type == dtype::i32) return take(std::type_identity<std::int32_t>{});
    if (type == dtype::i64) return take(std::type_identity<std::int64_t>{});
    if (type == dtype::u8) return take(std::type_identity<std::uint8_t>{});
    if (type == dtype::bool_) return take(std::type_identity<bool>{});
  }
}

}  // namespace etch::ir
