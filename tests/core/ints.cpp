#include <etch/core/ints.hpp>

#include <cstdint>

#include "catch.hpp"

namespace {

using etch::core::ints;

constexpr bool grows_by_push_back() {
  ints<3> values;
  values.push_back(4);
  values.push_back(-5);
  return values == ints<3>(4, -5) && values.size() == 2 && values[1] == -5;
}

constexpr std::int64_t sum(ints<> const& values) {
  std::int64_t total = 0;
  for (std::int64_t value : values) total += value;
  return total;
}

template <ints<> Axes>
struct as_template_argument {
  static constexpr std::size_t count = Axes.size();
};

}  // namespace

TEST_CASE("ints is empty, or holds the integers it is made of", "[core][ints]") {
  STATIC_REQUIRE(ints<>().size() == 0);
  STATIC_REQUIRE(ints<>(2).size() == 1);
  STATIC_REQUIRE(sum({1, std::int64_t{2}, std::uint8_t{3}}) == 6);
  STATIC_REQUIRE(sum({}) == 0);
  REQUIRE(sum({1, 2, 3, 4, 5, 6}) == 21);
}

TEST_CASE("ints grows by push_back", "[core][ints]") {
  STATIC_REQUIRE(grows_by_push_back());
  REQUIRE(grows_by_push_back());
}

TEST_CASE("ints knows what it contains", "[core][ints]") {
  STATIC_REQUIRE(ints<>(0, -1).contains(-1));
  STATIC_REQUIRE_FALSE(ints<>(0, -1).contains(1));
  STATIC_REQUIRE_FALSE(ints<>().contains(0));
}

TEST_CASE("ints are equal by count and values", "[core][ints]") {
  STATIC_REQUIRE(ints<>(1, 2) == ints<>(1, 2));
  STATIC_REQUIRE_FALSE(ints<>(1, 2) == ints<>(2, 1));
  STATIC_REQUIRE_FALSE(ints<>(0) == ints<>());
}

TEST_CASE("ints can be a template argument", "[core][ints]") {
  STATIC_REQUIRE(as_template_argument<ints<>{0, 2}>::count == 2);
  STATIC_REQUIRE(as_template_argument<ints<>{}>::count == 0);
}
