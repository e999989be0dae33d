#include "etch/core/math.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

#include "catch.hpp"

namespace {

using namespace etch;

template <class T>
constexpr bool same(T a, T b) {
  using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  if (a != a || b != b) return a != a && b != b;
  return std::bit_cast<bits>(a) == std::bit_cast<bits>(b);
}

template <class T>
struct rounding {
  T x, down, up, to_zero, to_even;
};

template <class T>
constexpr rounding<T> roundings[] = {
    {T(0), T(0), T(0), T(0), T(0)},
    {T(-0.0), T(-0.0), T(-0.0), T(-0.0), T(-0.0)},
    {T(0.5), T(0), T(1), T(0), T(0)},
    {T(-0.5), T(-1), T(-0.0), T(-0.0), T(-0.0)},
    {T(1.5), T(1), T(2), T(1), T(2)},
    {T(2.5), T(2), T(3), T(2), T(2)},
    {T(-2.5), T(-3), T(-2), T(-2), T(-2)},
    {T(-3.5), T(-4), T(-3), T(-3), T(-4)},
    {T(2.75), T(2), T(3), T(2), T(3)},
    {T(-2.25), T(-3), T(-2), T(-2), T(-2)},
    {T(0x1p23), T(0x1p23), T(0x1p23), T(0x1p23), T(0x1p23)},
    {T(-0x1p60), T(-0x1p60), T(-0x1p60), T(-0x1p60), T(-0x1p60)},
    {std::numeric_limits<T>::infinity(), std::numeric_limits<T>::infinity(),
     std::numeric_limits<T>::infinity(), std::numeric_limits<T>::infinity(),
     std::numeric_limits<T>::infinity()},
    {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::quiet_NaN(),
     std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::quiet_NaN(),
     std::numeric_limits<T>::quiet_NaN()},
};

template <class T>
constexpr bool rounds() {
  for (auto const& r : roundings<T>) {
    if (!same(math::floor(r.x), r.down) || !same(math::ceil(r.x), r.up)) return false;
    if (!same(math::trunc(r.x), r.to_zero) || !same(math::round(r.x), r.to_even)) return false;
  }
  return true;
}

template <class T>
constexpr bool hands_on_nan() {
  constexpr T nan = std::numeric_limits<T>::quiet_NaN();
  return math::isnan(math::min(nan, T(1))) && math::isnan(math::min(T(1), nan)) &&
         math::isnan(math::max(nan, T(1))) && math::isnan(math::max(T(1), nan)) &&
         math::isnan(math::relu(nan)) && math::isnan(math::abs(nan));
}

constexpr bool orders_and_chooses() {
  return math::min(2, 3) == 2 && math::max(2.0, 3.0) == 3.0 && math::relu(-2.0f) == 0.0f &&
         math::relu(5) == 5 && math::abs(-7) == 7 && math::abs(std::int8_t{-128}) == -128 &&
         math::select(true, 1, 2) == 1 && math::select(false, 1, 2) == 2 &&
         same(math::copysign(2.0f, -0.0f), -2.0f) && same(math::abs(-0.0), 0.0);
}

constexpr bool leaves_integers_whole() {
  return math::floor(-3) == -3 && math::round(7) == 7 && !math::isnan(7) &&
         math::fma(3, 4, 5) == 17 && math::fnma(3, 4, 5) == -7 &&
         math::fma(std::uint8_t{200}, std::uint8_t{2}, std::uint8_t{1}) == 145;
}

}  // namespace

TEST_CASE("roundings of scalars are those of <cmath>, in the compiler too", "[core]") {
  STATIC_REQUIRE(rounds<float>());
  STATIC_REQUIRE(rounds<double>());
  REQUIRE(rounds<float>());
  REQUIRE(rounds<double>());
}

TEST_CASE("scalar min, max, relu and abs hand on NaN", "[core]") {
  STATIC_REQUIRE(hands_on_nan<float>());
  STATIC_REQUIRE(hands_on_nan<double>());
  REQUIRE(hands_on_nan<float>());
  REQUIRE(hands_on_nan<double>());
}

TEST_CASE("exact scalar functions work in constant expressions", "[core]") {
  STATIC_REQUIRE(orders_and_chooses());
  STATIC_REQUIRE(leaves_integers_whole());
  REQUIRE(orders_and_chooses());
  REQUIRE(leaves_integers_whole());
}

TEST_CASE("scalar fma rounds once", "[core]") {
  float const volatile epsilon = 0x1p-12f;
  float const x = 1.0f + epsilon;
  CHECK(math::fma(x, x, -1.0f - 2 * epsilon) == 0x1p-24f);
  CHECK(math::fnma(x, x, 1.0f + 2 * epsilon) == -0x1p-24f);
}

TEST_CASE("the other scalar functions are those of <cmath>", "[core]") {
  for (double x : {0.25, 1.0, 2.75}) {
    CHECK(math::exp(x) == std::exp(x));
    CHECK(math::log(x) == std::log(x));
    CHECK(math::tanh(x) == std::tanh(x));
    CHECK(math::erf(x) == std::erf(x));
    CHECK(math::sin(x) == std::sin(x));
    CHECK(math::cos(x) == std::cos(x));
    CHECK(math::sqrt(x) == std::sqrt(x));
    CHECK(math::pow(x, 1.5) == std::pow(x, 1.5));
    CHECK(math::rsqrt(x) == 1.0 / std::sqrt(x));
    CHECK(math::sigmoid(x) == 1.0 / (1.0 + std::exp(-x)));
  }
}
