#include <etch/runtime/convert_weights.hpp>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"

namespace {

using etch::conversion;
using etch::conversion_between;
using etch::convert_to;
using etch::errc;
using etch::stored_tensor;
using etch::ir::dtype;
using namespace etch::runtime;

/// The formula of IEEE 754 for `exponent_bits` and `fraction_bits`, not the bits.
double by_formula(unsigned bits, int exponent_bits, int fraction_bits) {
  int const bias = (1 << (exponent_bits - 1)) - 1;
  int const exponent = static_cast<int>(bits >> fraction_bits) & ((1 << exponent_bits) - 1);
  double const fraction = bits & ((1u << fraction_bits) - 1);
  double const sign = bits >> (exponent_bits + fraction_bits) & 1 ? -1 : 1;
  double const step = std::ldexp(1.0, -fraction_bits);
  if (exponent == (1 << exponent_bits) - 1)
    return fraction == 0 ? sign * HUGE_VAL : std::numeric_limits<double>::quiet_NaN();
  if (exponent == 0) return sign * std::ldexp(fraction * step, 1 - bias);
  return sign * std::ldexp(1 + fraction * step, exponent - bias);
}

bool same(float a, double b) {
  if (std::isnan(b)) return std::isnan(a);
  return static_cast<double>(a) == b && std::signbit(a) == std::signbit(b);
}

template <class T, class Values>
std::span<std::byte const> bytes_of_values(Values const& values) {
  return std::as_bytes(std::span<T const>(values));
}

/// One float of each kind among `values`, behind an odd number of bytes.
struct odd_buffer {
  explicit odd_buffer(std::size_t bytes) : storage(bytes + 1) {}
  std::span<std::byte> bytes() { return std::span(storage).subspan(1); }
  template <class T>
  T at(std::size_t i) {
    T value;
    std::memcpy(&value, bytes().data() + i * sizeof(T), sizeof(T));
    return value;
  }
  std::vector<std::byte> storage;
};

}  // namespace

TEST_CASE("each of the 65536 f16 is widened to its value", "[runtime][half]") {
  for (unsigned bits = 0; bits < 65536; ++bits)
    if (!same(widen_f16(static_cast<std::uint16_t>(bits)), by_formula(bits, 5, 10)))
      FAIL("f16 " << bits);
  STATIC_REQUIRE(widen_f16(0x3c00) == 1.0f);
  STATIC_REQUIRE(widen_f16(0x7bff) == 65504.0f);
  STATIC_REQUIRE(widen_f16(0x0001) == 0x1p-24f);
}

TEST_CASE("each of the 65536 bf16 is widened to its value", "[runtime][half]") {
  for (unsigned bits = 0; bits < 65536; ++bits)
    if (!same(widen_bf16(static_cast<std::uint16_t>(bits)), by_formula(bits, 8, 7)))
      FAIL("bf16 " << bits);
  STATIC_REQUIRE(widen_bf16(0x3f80) == 1.0f);
}

TEST_CASE("widening keeps the sign and the payload of a NaN", "[runtime][half]") {
  REQUIRE(std::bit_cast<std::uint32_t>(widen_f16(0xfe01)) == 0xffc02000u);
  REQUIRE(std::bit_cast<std::uint32_t>(widen_bf16(0xffc1)) == 0xffc10000u);
}

TEST_CASE("only what keeps every value counts as exact", "[runtime][convert_weights]") {
  REQUIRE(conversion_between(dtype::f16, dtype::f32) == conversion::exact);
  REQUIRE(conversion_between(dtype::bf16, dtype::f64) == conversion::exact);
  REQUIRE(conversion_between(dtype::f32, dtype::f64) == conversion::exact);
  REQUIRE(conversion_between(dtype::f64, dtype::f32) == conversion::rounds);
  REQUIRE(conversion_between(dtype::f32, dtype::f16) == conversion::none);
  REQUIRE(conversion_between(dtype::f16, dtype::bf16) == conversion::none);
  REQUIRE(conversion_between(dtype::i8, dtype::f32) == conversion::none);
  REQUIRE(conversion_between(std::nullopt, dtype::f32) == conversion::none);
  REQUIRE(conversion_between(dtype::i8, dtype::i8) == conversion::copy);
}

TEST_CASE("halves become floats and doubles, from and to any address",
          "[runtime][convert_weights]") {
  std::vector<std::byte> stored(7);
  std::array<std::uint16_t, 3> const halves{0x3c00, 0xc000, 0x0001};
  std::memcpy(stored.data() + 1, halves.data(), 6);
  stored_tensor const tensor{"w", storage_of(dtype::f16), {3}, std::span(stored).subspan(1)};
  odd_buffer floats(12);
  REQUIRE(convert_to(tensor, dtype::f32, floats.bytes()));
  REQUIRE(floats.at<float>(0) == 1.0f);
  REQUIRE(floats.at<float>(1) == -2.0f);
  REQUIRE(floats.at<float>(2) == 0x1p-24f);
  odd_buffer doubles(24);
  REQUIRE(convert_to(tensor, dtype::f64, doubles.bytes()));
  REQUIRE(doubles.at<double>(1) == -2.0);
  REQUIRE(doubles.at<double>(2) == 0x1p-24);
}

TEST_CASE("the same dtype is copied bit by bit", "[runtime][convert_weights]") {
  std::array<std::uint32_t, 2> const signalling{0x7fa00001, 0xffa00001};
  stored_tensor const tensor{
      "w", storage_of(dtype::f32), {2}, std::as_bytes(std::span(signalling))};
  odd_buffer out(8);
  REQUIRE(convert_to(tensor, dtype::f32, out.bytes()));
  REQUIRE(out.at<std::uint32_t>(0) == signalling[0]);
  REQUIRE(out.at<std::uint32_t>(1) == signalling[1]);
}

TEST_CASE("doubles are rounded to floats, infinities and NaN stay", "[runtime][convert_weights]") {
  std::array<double, 4> const values{0.1, -HUGE_VAL, std::nan(""), 1e-320};
  odd_buffer out(16);
  REQUIRE(convert_to(stored_tensor::of<double>("w", {4}, values), dtype::f32, out.bytes()));
  REQUIRE(out.at<float>(0) == 0.1f);
  REQUIRE(out.at<float>(1) == -HUGE_VALF);
  REQUIRE(std::isnan(out.at<float>(2)));
  REQUIRE(out.at<float>(3) == 0.0f);
}

TEST_CASE("a finite double that is too large for a float is refused",
          "[runtime][convert_weights]") {
  std::array<double, 3> const values{1, -1e300, 1e301};
  odd_buffer out(12);
  auto done = convert_to(stored_tensor::of<double>("w", {3}, values), dtype::f32, out.bytes());
  REQUIRE(done.error().code == errc::mismatch);
  REQUIRE(done.error().text ==
          "etch: convert_to: 'w': element 1 is -1e+300, which is too large for f32");
}

TEST_CASE("a conversion that does not exist is refused", "[runtime][convert_weights]") {
  std::array<std::int8_t, 2> const values{1, 2};
  odd_buffer out(8);
  auto done = convert_to(stored_tensor::of<std::int8_t>("w", {2}, values), dtype::f32, out.bytes());
  REQUIRE(done.error().text == "etch: convert_to: 'w': there is no conversion from i8[2] to f32");
}

TEST_CASE("a destination of the wrong size is refused and not written",
          "[runtime][convert_weights]") {
  std::array<float, 2> const values{1, 2};
  odd_buffer out(12);
  auto done = convert_to(stored_tensor::of<float>("w", {2}, values), dtype::f32, out.bytes());
  REQUIRE(done.error().text ==
          "etch: convert_to: 'w': the destination has 12 bytes, 8 are expected");
  REQUIRE(out.at<std::uint32_t>(0) == 0);
}

TEST_CASE("an empty tensor is converted to nothing", "[runtime][convert_weights]") {
  stored_tensor const tensor{"w", storage_of(dtype::f16), {0}, {}};
  REQUIRE(convert_to(tensor, dtype::f32, {}));
  REQUIRE(convert_to(tensor, dtype::f16, {}));
}

TEST_CASE("NaN are counted in every floating dtype", "[runtime][convert_weights]") {
  float const inf = HUGE_VALF;
  std::array<float, 4> const floats{1, inf, std::nanf(""), -std::nanf("7")};
  REQUIRE(etch::count_nan(stored_tensor::of<float>("w", {4}, floats)) == 2);
  std::array<double, 3> const doubles{std::nan(""), HUGE_VAL, -1};
  REQUIRE(etch::count_nan(stored_tensor::of<double>("w", {3}, doubles)) == 1);
  std::array<std::uint16_t, 4> const halves{0x7c00, 0x7c01, 0xfe00, 0x3c00};
  auto const bytes = std::as_bytes(std::span(halves));
  REQUIRE(etch::count_nan({"w", storage_of(dtype::f16), {4}, bytes}) == 2);
  std::array<std::uint16_t, 4> const brains{0x7f80, 0x7f81, 0xffc0, 0x7c01};
  REQUIRE(etch::count_nan({"w", storage_of(dtype::bf16), {4}, std::as_bytes(std::span(brains))}) ==
          2);
  std::array<std::int32_t, 1> const ones{-1};
  REQUIRE(etch::count_nan(stored_tensor::of<std::int32_t>("w", {1}, ones)) == 0);
}
