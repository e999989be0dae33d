#include <etch/runtime/suggest.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

namespace {

using etch::runtime::did_you_mean;
using etch::runtime::nearest_name;
using etch::runtime::detail::edit_cost;
using etch::runtime::detail::name_distance;

constexpr std::size_t distance(std::string_view a, std::string_view b) {
  return name_distance(a, b, 1000 * edit_cost);
}

constexpr std::array<std::string_view, 4> names{"fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"};

template <std::size_t N>
constexpr std::string_view among(std::string_view wanted,
                                 std::array<std::string_view, N> const& candidates) {
  return nearest_name(wanted, candidates);
}

}  // namespace

TEST_CASE("the distance counts inserted, removed, replaced and swapped letters",
          "[runtime][suggest]") {
  STATIC_REQUIRE(distance("", "") == 0);
  STATIC_REQUIRE(distance("abc", "abc") == 0);
  STATIC_REQUIRE(distance("abc", "abxc") == edit_cost);
  STATIC_REQUIRE(distance("abc", "ac") == edit_cost);
  STATIC_REQUIRE(distance("abc", "axc") == edit_cost);
  STATIC_REQUIRE(distance("abcd", "acbd") == edit_cost);
  STATIC_REQUIRE(distance("", "abc") == 3 * edit_cost);
  STATIC_REQUIRE(distance("kitten", "sitting") == 3 * edit_cost);
  STATIC_REQUIRE(distance("ABC", "abc") == 3);
}

TEST_CASE("a slip of a letter finds the name", "[runtime][suggest]") {
  STATIC_REQUIRE(among("fc1.wieght", names) == "fc1.weight");
  STATIC_REQUIRE(among("fc1.weigt", names) == "fc1.weight");
  STATIC_REQUIRE(among("fc2_bias", names) == "fc2.bias");
  STATIC_REQUIRE(among("FC1.WEIGHT", names) == "fc1.weight");
  REQUIRE(did_you_mean("fc1.wieght", names) == " (did you mean 'fc1.weight'?)");
}

TEST_CASE("a name in a further scope or cut short is found", "[runtime][suggest]") {
  STATIC_REQUIRE(among("fc1.w", names) == "fc1.weight");
  STATIC_REQUIRE(among("module.fc1.bias", names) == "fc1.bias");
  constexpr std::array<std::string_view, 2> wrapped{"module.fc1.weight", "module.fc1.bias"};
  STATIC_REQUIRE(among("fc1.bias", wrapped) == "module.fc1.bias");
}

TEST_CASE("a name that differs only in case is the nearest", "[runtime][suggest]") {
  constexpr std::array<std::string_view, 2> candidates{"Xa", "AB"};
  STATIC_REQUIRE(among("ab", candidates) == "AB");
}

TEST_CASE("of two equally near names the first is taken", "[runtime][suggest]") {
  constexpr std::array<std::string_view, 2> candidates{"fc2.bias", "fc3.bias"};
  STATIC_REQUIRE(among("fc1.bias", candidates) == "fc2.bias");
}

TEST_CASE("no name is suggested when none is near", "[runtime][suggest]") {
  STATIC_REQUIRE(among("transformer.h.0.attn", names).empty());
  STATIC_REQUIRE(among("x", names).empty());
  STATIC_REQUIRE(among("", names).empty());
  REQUIRE(did_you_mean("transformer.h.0.attn", names).empty());
  REQUIRE(did_you_mean("fc1.weight", std::vector<std::string_view>{}).empty());
}

TEST_CASE("giving up early does not change the answer", "[runtime][suggest]") {
  for (std::string_view a : names)
    for (std::string_view b : {"cf1.weihgt", "fc2.bais", "fc1", "bias.fc1", "FC1.weigth"})
      for (std::size_t limit = 1; limit < 12 * edit_cost; ++limit) {
        std::size_t const found = name_distance(a, b, limit);
        if (distance(a, b) < limit)
          REQUIRE(found == distance(a, b));
        else
          REQUIRE(found >= limit);
      }
}

TEST_CASE("a huge list of long names is searched in bounded time", "[runtime][suggest]") {
  std::string const name(256, 'a');
  std::vector<std::string_view> candidates(20'000, name);
  std::string const wanted = std::string(200, 'a') + std::string(56, 'b');
  REQUIRE(nearest_name(wanted, candidates) == candidates[0]);
  std::string const too_long(100'000, 'a');
  candidates.assign(1, too_long);
  REQUIRE(nearest_name(std::string(100'001, 'a'), candidates).empty());
  REQUIRE(nearest_name("aaa", candidates).empty());
}
