#include <etch/ir/extent_text.hpp>

#include "catch.hpp"

namespace {

using namespace etch;

constexpr extent T = dim("T", 512), S = dim("S", 60);

constexpr std::int64_t at(extent const& of, std::int64_t t, std::int64_t s) {
  return of.value([&](extent::dim const& each) { return each.view() == "T" ? t : s; });
}
constexpr bool divides(extent const& of, std::int64_t t) {
  bool whole = true;
  of.value([&](extent::dim const&) { return t; }, whole);
  return whole;
}

}  // namespace

TEST_CASE("equal lengths are equal extents", "[ir][extent]") {
  STATIC_REQUIRE(T + 1 == 1 + T);
  STATIC_REQUIRE(T * S == S * T);
  STATIC_REQUIRE(2 * T / 2 == T);
  STATIC_REQUIRE(T / 2 + T / 2 == T);
  STATIC_REQUIRE(T + S - S == T);
  STATIC_REQUIRE((T + 1) * (S - 1) == T * S - T + S - 1);
  STATIC_REQUIRE(T - T == extent(0));
  STATIC_REQUIRE((T - T).is_fixed());
  STATIC_REQUIRE(extent(6) / 2 == extent(3));
  REQUIRE((T + S) * 3 / 3 == S + T);
}

TEST_CASE("dims of one bound are different lengths", "[ir][extent]") {
  STATIC_REQUIRE(T != dim("S", 512));
  STATIC_REQUIRE(T == dim("T", 512));
  STATIC_REQUIRE(T != extent(512));
  STATIC_REQUIRE(T != T + 1);
  STATIC_REQUIRE(T != T / 2);
}

TEST_CASE("an extent has a value for lengths, and one at the bounds", "[ir][extent]") {
  STATIC_REQUIRE(at(T * S + 1, 3, 5) == 16);
  STATIC_REQUIRE(at(T * T - S, 3, 5) == 4);
  STATIC_REQUIRE(at((T + 1) / 2, 5, 0) == 3);
  STATIC_REQUIRE((T * S + 1).most() == 512 * 60 + 1);
  STATIC_REQUIRE(static_cast<std::int64_t>(T / 2) == 256);
  STATIC_REQUIRE(extent(7).most() == 7);
  STATIC_REQUIRE(divides(T / 4, 8));
  STATIC_REQUIRE_FALSE(divides(T / 4, 6));
}

TEST_CASE("a quotient of extents is exact or nothing", "[ir][extent]") {
  STATIC_REQUIRE(quotient(64 * T, extent(64)) == T);
  STATIC_REQUIRE(quotient(64 * T * S, 16 * S) == 4 * T);
  STATIC_REQUIRE(quotient(64 * T, extent(128)) == T / 2);
  STATIC_REQUIRE(quotient(64 * T, S) == extent(0));
  STATIC_REQUIRE(quotient(T * S + T, T) == S + 1);
  STATIC_REQUIRE(quotient(T * S, S + 1) == extent(0));
}

TEST_CASE("an extent reads as it is written", "[ir][extent]") {
  CHECK(ir::to_string(T) == "T");
  CHECK(ir::to_string(2 * T * S + 1) == "2 S T + 1");
  CHECK(ir::to_string((T + 1) / 2) == "(T + 1) / 2");
  CHECK(ir::to_string(T / 2) == "T / 2");
  CHECK(ir::to_string(T - 3) == "T - 3");
  CHECK(ir::to_string(5 - T) == "-T + 5");
  CHECK(ir::to_string(T * T) == "T T");
  CHECK(ir::to_string(extent(12)) == "12");
  CHECK(ir::to_string(T - T) == "0");
}
