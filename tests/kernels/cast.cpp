#include <etch/kernels/cast.hpp>

#include "kernels/kernel_test.hpp"

using namespace kernel_test;

namespace {

template <class To, class From>
To cast_value(From x) {
  // through the vector loop and through the tail
  block<From> from(19);
  for (From& v : from) v = x;
  block<To> to(19);
  etch::kernels::cast(from.data(), to.data(), 19);
  for (To const& v : to) REQUIRE(v == to[0]);
  return to[0];
}

template <class From, class To>
void check_saturation() {
  constexpr From infinity = std::numeric_limits<From>::infinity();
  constexpr To least = std::numeric_limits<To>::min();
  constexpr To most = std::numeric_limits<To>::max();
  CHECK(cast_value<To>(std::numeric_limits<From>::quiet_NaN()) == 0);
  CHECK(cast_value<To>(infinity) == most);
  CHECK(cast_value<To>(-infinity) == least);
  CHECK(cast_value<To>(From(1e30)) == most);
  CHECK(cast_value<To>(From(-1e30)) == least);
  CHECK(cast_value<To>(static_cast<From>(least)) == least);
  CHECK(cast_value<To>(static_cast<From>(most)) == most);  // exact, or rounded up to 2^digits
  CHECK(cast_value<To>(From(2.75)) == 2);
  CHECK(cast_value<To>(From(-0.75)) == 0);
  CHECK(cast_value<To>(From(127.5)) == 127);
  if (std::is_signed_v<To>) CHECK(cast_value<To>(From(-2.75)) == static_cast<To>(-2));
  // the largest value below the limit of the range
  From const below = std::nextafter(std::ldexp(From(1), std::numeric_limits<To>::digits), From(0));
  CHECK(cast_value<To>(below) == static_cast<To>(below));
}

}  // namespace

TEST_CASE("cast from floating point truncates, saturates and maps NaN to 0", "[kernels][cast]") {
  check_saturation<float, std::int8_t>();
  check_saturation<float, std::uint8_t>();
  check_saturation<float, std::int16_t>();
  check_saturation<float, std::int32_t>();
  check_saturation<float, std::int64_t>();
  check_saturation<double, std::int8_t>();
  check_saturation<double, std::uint8_t>();
  check_saturation<double, std::int32_t>();
  check_saturation<double, std::int64_t>();
}

TEST_CASE("cast to bool asks whether a value differs from zero", "[kernels][cast]") {
  CHECK(cast_value<bool>(0.25f));
  CHECK_FALSE(cast_value<bool>(-0.0f));
  CHECK(cast_value<bool>(std::numeric_limits<float>::quiet_NaN()));
  CHECK(cast_value<bool>(std::int64_t(1) << 40));
  CHECK_FALSE(cast_value<bool>(std::int8_t(0)));
}

TEST_CASE("cast between integers wraps and widens", "[kernels][cast]") {
  CHECK(cast_value<std::int8_t>(std::int32_t(300)) == 44);
  CHECK(cast_value<std::uint8_t>(std::int8_t(-1)) == 255);
  CHECK(cast_value<std::int64_t>(std::int8_t(-5)) == -5);
  CHECK(cast_value<std::int32_t>((std::int64_t(1) << 32) + 7) == 7);
  CHECK(cast_value<std::int16_t>(true) == 1);
}

TEST_CASE("cast to floating point rounds to nearest", "[kernels][cast]") {
  CHECK(cast_value<float>(std::int32_t(16777217)) == 16777216.0f);
  CHECK(cast_value<float>(0.1) == 0.1f);
  CHECK(cast_value<double>(0.1f) == static_cast<double>(0.1f));
  CHECK(cast_value<float>(1e300) == std::numeric_limits<float>::infinity());
  CHECK(cast_value<float>(std::uint8_t(200)) == 200.0f);
  CHECK(cast_value<double>(true) == 1.0);
}

TEST_CASE("cast takes every length and may work in place", "[kernels][cast]") {
  for (long n = 0; n < 40; ++n) {
    block<float> from = random_block<float>(n, 91);
    block<std::int32_t> to(n);
    for (float& v : from) v *= 1000;
    etch::kernels::cast(from.data(), to.data(), n);
    for (long i = 0; i < n; ++i) CHECK(to[i] == static_cast<std::int32_t>(from[i]));
  }
}

namespace {

template <class To, class From>
bool agrees_with_static_cast() {
  block<From> from(37);
  generator g(92);
  for (From& v : from) {
    if constexpr (std::is_floating_point_v<From>)
      v = static_cast<From>(g.number() * (std::is_signed_v<To> ? 100 : 0.5) +
                            (std::is_signed_v<To> ? 0 : 100));
    else
      v = static_cast<From>(g.bits());
  }
  block<To> to(37);
  etch::kernels::cast(from.data(), to.data(), 37);
  for (long i = 0; i < 37; ++i)
    if (to[i] != static_cast<To>(from[i])) return false;
  return true;
}

template <class From, class... To>
bool agrees_with_every() {
  return (agrees_with_static_cast<To, From>() && ...);
}

template <class... T>
void check_every_pair() {
  std::size_t i = 0;
  for (bool agrees : {agrees_with_every<T, T...>()...}) {
    CAPTURE(i++);
    CHECK(agrees);
  }
}

}  // namespace

TEST_CASE("cast agrees with static_cast between every two element types", "[kernels][cast]") {
  check_every_pair<bool, std::uint8_t, std::int8_t, std::int16_t, std::int32_t, std::int64_t, float,
                   double>();
}
