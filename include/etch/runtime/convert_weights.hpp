#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>
#include <span>
#include <string>

#include <etch/core/result.hpp>
#include <etch/ir/dtype.hpp>
#include <etch/runtime/half.hpp>
#include <etch/runtime/stored_tensor.hpp>

namespace etch::runtime {

/// What a change of dtype does to weights.
enum class conversion : unsigned char {
  none,    ///< there is no such conversion
  copy,    ///< the same dtype
  exact,   ///< every value stays: f16 and bf16 to f32 and f64, f32 to f64
  rounds,  ///< to the nearest: f64 to f32
};

[[nodiscard]] constexpr conversion conversion_between(std::optional<ir::dtype> from,
                                                      ir::dtype to) noexcept {
  using ir::dtype;
  if (!from) return conversion::none;
  if (*from == to) return conversion::copy;
  bool const from_half = *from == dtype::f16 || *from == dtype::bf16;
  if (from_half && (to == dtype::f32 || to == dtype::f64)) return conversion::exact;
  if (*from == dtype::f32 && to == dtype::f64) return conversion::exact;
  if (*from == dtype::f64 && to == dtype::f32) return conversion::rounds;
  return conversion::none;
}

namespace detail {

// By their bits, because -ffast-math takes the tests of <cmath> away.
constexpr bool is_nan(float x) noexcept {
  return (std::bit_cast<std::uint32_t>(x) & 0x7fffffffu) > 0x7f800000u;
}
constexpr bool is_nan(double x) noexcept {
  return (std::bit_cast<std::uint64_t>(x) & ~(1ull << 63)) > 0x7ffull << 52;
}
constexpr bool is_infinite(float x) noexcept {
  return (std::bit_cast<std::uint32_t>(x) & 0x7fffffffu) == 0x7f800000u;
}
constexpr bool is_infinite(double x) noexcept {
  return (std::bit_cast<std::uint64_t>(x) & ~(1ull << 63)) == 0x7ffull << 52;
}

/// Element i of `bytes`, wherever they lie.
template <class T>
T element_at(std::span<std::byte const> bytes, std::size_t i) noexcept {
  T value;
  std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
  return value;
}

/// Calls `visit(i, value)` for each element, as float or double; f16 and bf16 come widened.
/// False, without a call, if the dtype is not floating.
template <class Visit>
bool for_each_floating(stored_tensor const& tensor, Visit visit) {
  if (!tensor.type.type) return false;
  auto const count = tensor.elements();
  auto each = [&](auto read) {
    for (std::size_t i = 0; i < count; ++i) visit(i, read(i));
    return true;
  };
  auto half = [&](std::size_t i) { return element_at<std::uint16_t>(tensor.data, i); };
  switch (*tensor.type.type) {
    case ir::dtype::f32:
      return each([&](std::size_t i) { return element_at<float>(tensor.data, i); });
    case ir::dtype::f64:
      return each([&](std::size_t i) { return element_at<double>(tensor.data, i); });
    case ir::dtype::f16:
      return each([&](std::size_t i) { return widen_f16(half(i)); });
    case ir::dtype::bf16:
      return each([&](std::size_t i) { return widen_bf16(half(i)); });
    default:
      return false;
  }
}

}  // namespace detail

/// Writes the elements of `tensor`, as `target`, to `destination`. Neither has to be aligned.
/// numerics  exact, but f64 to f32, which rounds to nearest; NaN stays NaN
/// errors    `conversion_between` knows no way; the size of the destination is not that of the
///           elements; a finite f64 is too large for f32
[[nodiscard]] inline result<void> convert_to(stored_tensor const& tensor, ir::dtype target,
                                             std::span<std::byte> destination) {
  auto refuse = [&](errc code, std::string const& what) {
    return error{code, "etch: convert_to: " + in_quotes(tensor.name) + ": " + what, tensor.name};
  };
  auto const way = conversion_between(tensor.type.type, target);
  if (way == conversion::none)
    return refuse(errc::unsupported, "there is no conversion from " +
                                         describe(tensor.type, tensor.shape) + " to " +
                                         std::string(to_string(target)));
  std::size_t const bytes = tensor.elements() * size_of(target);
  if (destination.size() != bytes)
    return refuse(errc::invalid_argument, "the destination has " +
                                              std::to_string(destination.size()) + " bytes, " +
                                              std::to_string(bytes) + " are expected");
  if (way == conversion::copy) {
    if (bytes > 0) std::memcpy(destination.data(), tensor.data.data(), bytes);
    return {};
  }
  auto put = [&](std::size_t i, auto value) {
    std::memcpy(destination.data() + i * sizeof(value), &value, sizeof(value));
  };
  std::optional<std::size_t> overflow;
  detail::for_each_floating(tensor, [&](std::size_t i, auto value) {
    if (target == ir::dtype::f64) return put(i, static_cast<double>(value));
    auto const narrow = static_cast<float>(value);
    if (detail::is_infinite(narrow) && !detail::is_infinite(value) && !overflow) overflow = i;
    put(i, narrow);
  });
  if (overflow) {
    char number[32];
    std::snprintf(number, sizeof(number), "%g", detail::element_at<double>(tensor.data, *overflow));
    return refuse(errc::mismatch, "element " + std::to_string(*overflow) + " is " + number +
                                      ", which is too large for f32");
  }
  return {};
}

/// How many elements are NaN; 0 for dtypes that have none or that etch does not have.
[[nodiscard]] inline std::size_t count_nan(stored_tensor const& tensor) {
  std::size_t count = 0;
  detail::for_each_floating(tensor,
                            [&](std::size_t, auto value) { count += detail::is_nan(value); });
  return count;
}

}  // namespace etch::runtime

namespace etch {
using runtime::conversion;
using runtime::conversion_between;
using runtime::convert_to;
using runtime::count_nan;
}  // namespace etch
