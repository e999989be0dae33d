#include <etch/ops/constant.hpp>

#include <array>

#include "catch.hpp"

namespace {

using namespace etch;

struct recorded {
  front::recorder to;
  tensor<float, 2> x{to, ir::add_input(to.graph, ir::f32(2))};
};

constexpr bool holds_its_values_in_order() {
  recorded r;
  auto const c = constant<double, 2, 2>({0.1, -2, 3, 1e300}, r.x);
  static_assert(std::is_same_v<decltype(c), tensor<double, 2, 2> const>);
  ir::graph const& g = r.to.graph;
  return ir::is(g[c.id()], ir::constant_op) && g[c.id()].type == c.type &&
         g[c.id()].words.count == 4 && ir::constant_value(g, c.id(), 0) == 0.1 &&
         ir::constant_value(g, c.id(), 1) == -2 && ir::constant_value(g, c.id(), 3) == 1e300 &&
         !ir::is_splat(g, c.id());
}

constexpr bool takes_a_table() {
  recorded r;
  std::array<std::int32_t, 3> table{};
  for (int i = 0; i < 3; ++i) table[static_cast<std::size_t>(i)] = 10 * i;
  auto const c = constant<std::int32_t, 3>(table, r.x);
  return ir::constant_value(r.to.graph, c.id(), 2) == 20;
}

constexpr bool spreads_one_value() {
  recorded r;
  auto const c = constant<float, 4, 5>(0.1f, r.x);
  auto const flag = constant<bool>(true, r.x);
  ir::graph const& g = r.to.graph;
  return g[c.id()].type == ir::f32(4, 5) && ir::is_splat(g, c.id()) &&
         ir::constant_value(g, c.id(), 19) == static_cast<double>(0.1f) &&
         g[flag.id()].type == ir::tensor_type{dtype::bool_, ir::shape()} &&
         ir::constant_value(g, flag.id()) == 1.0;
}

}  // namespace

TEST_CASE("a literal holds its values in row-major order", "[ops][constant]") {
  STATIC_REQUIRE(holds_its_values_in_order());
  REQUIRE(holds_its_values_in_order());
}

TEST_CASE("a literal may come from a computed table", "[ops][constant]") {
  STATIC_REQUIRE(takes_a_table());
  REQUIRE(takes_a_table());
}

TEST_CASE("a literal of one value has one word", "[ops][constant]") {
  STATIC_REQUIRE(spreads_one_value());
  REQUIRE(spreads_one_value());
}
