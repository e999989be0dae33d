#include <etch/front/path.hpp>

#include <string>

#include "catch.hpp"

namespace {

using etch::path;
using etch::scope;

constexpr bool joins_with_dots() {
  return (scope("h") / 3 / "attn.c_attn").view() == "h.3.attn.c_attn" &&
         (scope("") / "fc1").view() == "fc1" && (scope("") / 0 / "x").view() == "0.x" &&
         (path("h") / 1234567890123).view() == "h.1234567890123";
}

template <class Make>
std::string problem(Make make) {
  try {
    (void)make();
  } catch (char const* text) {
    return text;
  }
  return "";
}

}  // namespace

TEST_CASE("a path joins its parts with dots", "[front][path]") {
  STATIC_REQUIRE(joins_with_dots());
  REQUIRE(joins_with_dots());
}

TEST_CASE("a path can be used as a prefix many times", "[front][path]") {
  path const block = scope("h") / 7;
  REQUIRE((block / "ln_1" / "weight").view() == "h.7.ln_1.weight");
  REQUIRE((block / "ln_2" / "weight").view() == "h.7.ln_2.weight");
  REQUIRE(block.view() == "h.7");
}

TEST_CASE("a path has at most 127 characters", "[front][path]") {
  std::string const longest(127, 'x'), too_long(128, 'x');
  REQUIRE(path(longest).view() == longest);
  auto const expected = "etch: scope: a name is longer than 127 characters";
  REQUIRE(problem([&] { return path(too_long); }) == expected);
  REQUIRE(problem([&] { return path(longest) / "y"; }) == expected);
}

TEST_CASE("a path refuses a negative index", "[front][path]") {
  REQUIRE(problem([] { return scope("h") / -1; }) == "etch: scope: an index is negative");
}
