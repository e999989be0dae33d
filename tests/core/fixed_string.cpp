#include <etch/core/fixed_string.hpp>

#include <type_traits>

#include "catch.hpp"

namespace {

using etch::core::fixed_string;

template <fixed_string Name>
struct tagged {
  static constexpr std::string_view name = Name.view();
};

}  // namespace

TEST_CASE("a fixed_string is the text of its literal", "[core][fixed_string]") {
  STATIC_REQUIRE(fixed_string("pixels").view() == "pixels");
  STATIC_REQUIRE(fixed_string("").view().empty());
  STATIC_REQUIRE(fixed_string("a\0b").view().size() == 3);
}

TEST_CASE("a type takes its name as a template argument", "[core][fixed_string]") {
  STATIC_REQUIRE(tagged<"pixels">::name == "pixels");
  STATIC_REQUIRE(std::is_same_v<tagged<"pixels">, tagged<"pixels">>);
  STATIC_REQUIRE_FALSE(std::is_same_v<tagged<"pixels">, tagged<"pixel">>);
}

TEST_CASE("fixed_strings are equal if their texts are", "[core][fixed_string]") {
  STATIC_REQUIRE(fixed_string("ab") == fixed_string("ab"));
  STATIC_REQUIRE_FALSE(fixed_string("ab") == fixed_string("ac"));
}
