#include <etch/ops/number.hpp>

#include <cstdint>
#include <limits>
#include <string>

#include "catch.hpp"

namespace {

using etch::ops::element;
using etch::ops::number_fits;

/// The text that element<T>(value) throws, or nothing.
template <class T, class Number>
std::string problem(Number value) {
  try {
    (void)element<T>(value);
  } catch (char const* text) {
    return text;
  }
  return "";
}

std::string const outside = "etch: a number is outside the range of the dtype of the tensor";
std::string const digits =
    "etch: an integer has more digits than the dtype of the tensor (a literal: 53) holds";

}  // namespace

TEST_CASE("numbers become elements of the dtype beside them", "[ops][number]") {
  STATIC_REQUIRE(element<float>(0.1) == static_cast<double>(0.1f));
  STATIC_REQUIRE(element<double>(0.1) == 0.1);
  STATIC_REQUIRE(element<float>(3) == 3.0);
  STATIC_REQUIRE(element<std::int8_t>(-128) == -128.0);
  STATIC_REQUIRE(element<std::uint8_t>(255) == 255.0);
  STATIC_REQUIRE(element<std::int64_t>(std::numeric_limits<std::int64_t>::min()) == -0x1p63);
  STATIC_REQUIRE(element<bool>(true) == 1.0);
  STATIC_REQUIRE(element<float>(std::numeric_limits<double>::infinity()) ==
                 std::numeric_limits<double>::infinity());
}

TEST_CASE("NaN may stand beside a floating tensor", "[ops][number]") {
  double const nan = element<float>(std::numeric_limits<double>::quiet_NaN());
  REQUIRE(nan != nan);
}

TEST_CASE("a number outside the range of the dtype is refused", "[ops][number]") {
  REQUIRE(problem<std::int8_t>(128) == outside);
  REQUIRE(problem<std::int8_t>(-129) == outside);
  REQUIRE(problem<std::int8_t>(-128).empty());
  REQUIRE(problem<std::uint8_t>(-1) == outside);
  REQUIRE(problem<std::uint8_t>(256u) == outside);
  REQUIRE(problem<std::int64_t>(std::uint64_t{1} << 63) == outside);
  REQUIRE(problem<float>(1e39) == outside);
  REQUIRE(problem<float>(-1e39) == outside);
  REQUIRE(problem<double>(1e300).empty());
}

TEST_CASE("an integer that a literal cannot hold exactly is refused", "[ops][number]") {
  REQUIRE(problem<float>(16777217) == digits);
  REQUIRE(problem<float>(16777218).empty());
  REQUIRE(problem<double>(16777217).empty());
  REQUIRE(problem<double>((std::int64_t{1} << 53) + 1) == digits);
  REQUIRE(problem<std::int64_t>((std::int64_t{1} << 53) + 1) == digits);
  REQUIRE(problem<std::int64_t>(std::int64_t{3} << 61).empty());
}

TEST_CASE("which kinds of numbers go with which dtypes", "[ops][number]") {
  STATIC_REQUIRE(number_fits<float, double>::ok);
  STATIC_REQUIRE(number_fits<double, int>::ok);
  STATIC_REQUIRE(number_fits<std::int32_t, long>::ok);
  STATIC_REQUIRE(number_fits<bool, bool>::ok);
  STATIC_REQUIRE_FALSE(number_fits<std::int32_t, float>::ok);
  STATIC_REQUIRE_FALSE(number_fits<bool, int>::ok);
  STATIC_REQUIRE_FALSE(number_fits<float, bool>::ok);
  STATIC_REQUIRE_FALSE(number_fits<std::int32_t, bool>::ok);
}
