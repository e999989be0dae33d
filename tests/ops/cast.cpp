#include <etch/ops/cast.hpp>

#include <cmath>

#include "ops/reference_run.hpp"

namespace {

using namespace etch_test;
namespace ops = etch::ops;

template <class To, class From>
list<To> cast_all(list<From> const& values) {
  return run<ops::cast, To>({static_cast<int>(ir::dtype_of<To>)}, row(values));
}

/// Truncated in long double, then limited to the range of To.
template <class To, class From>
void check_floating_to_integer() {
  list<From> values = floating_values<From>(200, 300.0, 21);
  for (int power = 6; power < 66; ++power) {
    From const x = std::ldexp(From(1), power);
    for (From each : {x, -x, std::nextafter(x, From(0)), std::nextafter(-x, From(0))})
      values.push_back(each);
  }
  list<To> const y = cast_all<To>(values);
  for (std::size_t i = 0; i < y.size(); ++i) {
    using limits = std::numeric_limits<To>;
    long double x = std::trunc(static_cast<long double>(values[i]));
    x = std::fmin(std::fmax(x, static_cast<long double>(limits::min())),
                  static_cast<long double>(limits::max()));
    To const expected = std::isnan(values[i]) ? To(0) : static_cast<To>(x);
    INFO(values[i] << " became " << +y[i]);
    REQUIRE(y[i] == expected);
  }
}

template <class From>
void check_floating() {
  check_floating_to_integer<std::int8_t, From>();
  check_floating_to_integer<std::uint8_t, From>();
  check_floating_to_integer<std::int16_t, From>();
  check_floating_to_integer<std::int32_t, From>();
  check_floating_to_integer<std::int64_t, From>();
}

constexpr etch::ir::inferred infer_cast(int to) {
  std::array const types{etch::ir::f32(2, 3)};
  return ops::cast::infer(types, {to});
}

}  // namespace

TEST_CASE("cast truncates float to integers, stays in the range, and makes NaN 0", "[ops]") {
  check_floating<float>();
  check_floating<double>();
}

TEST_CASE("cast of integers keeps the value modulo the width", "[ops]") {
  auto const narrow = cast_all<std::int8_t>(list<std::int32_t>{0, 127, 128, 255, 256, -129});
  REQUIRE(narrow == list<std::int8_t>{0, 127, -128, -1, 0, 127});
  auto const wide = cast_all<std::int64_t>(list<std::int8_t>{-128, -1, 127});
  REQUIRE(wide == list<std::int64_t>{-128, -1, 127});
  auto const positive = cast_all<std::uint8_t>(list<std::int64_t>{-1, 511, 7});
  REQUIRE(positive == list<std::uint8_t>{255, 255, 7});
}

TEST_CASE("cast to float and double rounds to the nearest", "[ops]") {
  auto const narrow = cast_all<float>(list<double>{0.1, 1e300, -1e-300, 16777217.0});
  REQUIRE(narrow == list<float>{0.1f, INFINITY, -0.0f, 16777216.0f});
  auto const wide = cast_all<double>(list<float>{0.1f, -3.5f});
  REQUIRE(wide == list<double>{0.1f, -3.5});
  auto const whole = cast_all<float>(list<std::int32_t>{16777217, -2147483647 - 1});
  REQUIRE(whole == list<float>{16777216.0f, -2147483648.0f});
}

TEST_CASE("cast to bool asks whether an element is not 0", "[ops]") {
  auto const from_float = cast_all<bool>(list<float>{0.0f, -0.0f, 0.5f, NAN, INFINITY});
  REQUIRE(from_float == list<bool>{false, false, true, true, true});
  auto const from_integer = cast_all<bool>(list<std::int32_t>{0, 256, -1});
  REQUIRE(from_integer == list<bool>{false, true, true});
  auto const from_bool = cast_all<std::int32_t>(list<bool>{true, false});
  REQUIRE(from_bool == list<std::int32_t>{1, 0});
}

TEST_CASE("cast infers the shape of its operand, and refuses storage types", "[ops]") {
  using etch::ir::dtype;
  STATIC_REQUIRE(infer_cast(static_cast<int>(dtype::i64)).type ==
                 etch::ir::tensor_type{dtype::i64, etch::ir::shape(2, 3)});
  STATIC_REQUIRE_FALSE(infer_cast(static_cast<int>(dtype::f16)).ok());
  STATIC_REQUIRE_FALSE(infer_cast(static_cast<int>(dtype::bf16)).ok());
  STATIC_REQUIRE_FALSE(infer_cast(static_cast<int>(etch::ir::dtype_count)).ok());
  STATIC_REQUIRE_FALSE(infer_cast(-1).ok());
}
