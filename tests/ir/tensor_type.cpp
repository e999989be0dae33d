#include <etch/ir/tensor_type.hpp>

#include "catch.hpp"

namespace {

using etch::ir::broadcast;
using etch::ir::dtype;
using etch::ir::f32;
using etch::ir::normalised_axis;
using etch::ir::shape;
using etch::ir::tensor_type;

constexpr bool joins(shape const& a, shape const& b, shape const& expected) {
  auto const ab = broadcast(a, b), ba = broadcast(b, a);
  return ab.ok && ba.ok && ab.shape == expected && ba.shape == expected;
}

}  // namespace

TEST_CASE("a shape has extents, and products of them", "[ir][tensor_type]") {
  STATIC_REQUIRE(shape(2, 3, 4).elements() == 24);
  STATIC_REQUIRE(shape().elements() == 1);
  STATIC_REQUIRE(shape(2, 3, 4).product(1, 3) == 12);
  STATIC_REQUIRE(shape(2, 3, 4).product(1, 1) == 1);
  STATIC_REQUIRE_FALSE(shape(2, 3) == shape(3, 2));
  STATIC_REQUIRE_FALSE(shape(2) == shape(2, 1));
}

TEST_CASE("a type knows its bytes", "[ir][tensor_type]") {
  STATIC_REQUIRE(f32(2, 3).bytes() == 24);
  STATIC_REQUIRE(tensor_type{dtype::f64, shape(3)}.bytes() == 24);
  STATIC_REQUIRE(tensor_type{dtype::bool_, shape()}.bytes() == 1);
  STATIC_REQUIRE(tensor_type{dtype::bf16, shape(5)}.bytes() == 10);
}

TEST_CASE("shapes broadcast as in NumPy", "[ir][tensor_type]") {
  STATIC_REQUIRE(joins(shape(2, 3), shape(3), shape(2, 3)));
  STATIC_REQUIRE(joins(shape(2, 1), shape(1, 5), shape(2, 5)));
  STATIC_REQUIRE(joins(shape(), shape(4, 4), shape(4, 4)));
  STATIC_REQUIRE(joins(shape(8, 1, 6, 1), shape(7, 1, 5), shape(8, 7, 6, 5)));
  STATIC_REQUIRE_FALSE(broadcast(shape(2, 3), shape(2)).ok);
  STATIC_REQUIRE_FALSE(broadcast(shape(4), shape(3)).ok);
}

TEST_CASE("a negative axis counts from the end", "[ir][tensor_type]") {
  STATIC_REQUIRE(normalised_axis(-1, 3) == 2);
  STATIC_REQUIRE(normalised_axis(0, 3) == 0);
  STATIC_REQUIRE(normalised_axis(-4, 3) == -1);
  STATIC_REQUIRE(normalised_axis(3, 3) == 3);
}
