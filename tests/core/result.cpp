#include <etch/core/result.hpp>

#include <memory>
#include <string>
#include <type_traits>

#include "catch.hpp"

namespace {

using etch::errc;
using etch::error;
using etch::result;

result<int> half_of(int even) {
  if (even % 2 != 0)
    return error{errc::invalid_argument, "etch: half_of: 3 is odd, an even number is expected",
                 "3"};
  return even / 2;
}

result<> only_even(int number) {
  if (number % 2 != 0) return error{errc::mismatch, "etch: only_even: odd", ""};
  return {};
}

}  // namespace

TEST_CASE("a result with a value is true and hands it out", "[core][result]") {
  auto four = half_of(8);
  REQUIRE(four);
  REQUIRE(*four == 4);
  REQUIRE(four.value() == 4);
  REQUIRE(four.value_or_throw() == 4);
  *four = 5;
  REQUIRE(four.value() == 5);
}

TEST_CASE("a result with an error is false and says what, why and where", "[core][result]") {
  auto odd = half_of(3);
  REQUIRE_FALSE(odd);
  REQUIRE_FALSE(odd.has_value());
  REQUIRE(odd.error().code == errc::invalid_argument);
  REQUIRE(odd.error().text == "etch: half_of: 3 is odd, an even number is expected");
  REQUIRE(odd.error().where == "3");
}

TEST_CASE("value_or_throw throws the whole error", "[core][result]") {
  try {
    static_cast<void>(half_of(3).value_or_throw());
    FAIL("nothing was thrown");
  } catch (etch::exception const& thrown) {
    REQUIRE(std::string(thrown.what()) == half_of(3).error().text);
    REQUIRE(thrown.error() == half_of(3).error());
    REQUIRE(thrown.code() == errc::invalid_argument);
  }
  REQUIRE_THROWS_AS(only_even(3).value_or_throw(), std::runtime_error);
  REQUIRE_NOTHROW(only_even(2).value_or_throw());
}

TEST_CASE("a result carries a value that can only be moved", "[core][result]") {
  result<std::unique_ptr<int>> owner = std::make_unique<int>(7);
  REQUIRE(**owner == 7);
  std::unique_ptr<int> taken = std::move(owner).value_or_throw();
  REQUIRE(*taken == 7);
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<result<std::unique_ptr<int>>>);
}

TEST_CASE("a result of a string is not mistaken for an error", "[core][result]") {
  result<std::string> text = "fine";
  REQUIRE(text);
  REQUIRE(text->size() == 4);
  result<std::string> wrong = error{errc::not_found, "etch: gone", "gone"};
  REQUIRE_FALSE(wrong);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<result<std::string>, bool>);
}

TEST_CASE("a result without a value is success or an error", "[core][result]") {
  REQUIRE(only_even(2));
  REQUIRE_FALSE(only_even(3));
  REQUIRE(only_even(3).error().code == errc::mismatch);
}

TEST_CASE("every errc has its own name", "[core][result]") {
  REQUIRE(to_string(errc::not_found) == "not_found");
  REQUIRE(to_string(errc::exhausted) == "exhausted");
  REQUIRE(to_string(errc::unreadable) == "unreadable");
  REQUIRE(to_string(errc::unwritable) == "unwritable");
  REQUIRE(to_string(errc::bad_format) == "bad_format");
  REQUIRE(to_string(errc::mismatch) == "mismatch");
  REQUIRE(to_string(errc::unsupported) == "unsupported");
  REQUIRE(to_string(errc::invalid_argument) == "invalid_argument");
}
