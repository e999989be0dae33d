#include <etch/plan/tile_choice.hpp>

#include "plan_test.hpp"

namespace {

using namespace etch_test;

constexpr plan::tile_policy small{.least_bytes = 0, .tile_bytes = 4096};

/// Two layers on `rows` rows: 32 - 64 - 16.
constexpr ir::graph layers(std::int64_t rows, std::int64_t hidden = 64) {
  net g;
  auto const h =
      g.add_op<ops::relu>({g.add_op<ops::linear>({g.input(rows, 32), g.weight("a", hidden, 32)})});
  return optimised(g.returning(g.add_op<ops::linear>({h, g.weight("b", 16, hidden)})));
}

constexpr ir::graph attention(bool keeps_scores = false) {
  net g;
  auto const q = g.input(3, 40, 8), k = g.input(3, 8, 40), v = g.input(3, 40, 8);
  auto const scores = g.add_op<ops::matmul>({q, k});
  auto const masked = g.add_op<ops::add>({scores, g.input(40, 40)});
  auto const shares = g.add_op<ops::softmax>({masked}, {.axis = 2});
  auto const y = g.add_op<ops::matmul>({shares, v});
  if (keeps_scores) return optimised(g.returning(y, shares));
  return optimised(g.returning(y));
}

constexpr std::size_t tilings(ir::graph const& g, plan::tile_policy const& policy = small) {
  return plan::build(g, {.depth_first = policy}).tilings.size();
}
constexpr plan::tiling first_tiling(ir::graph const& g, plan::tile_policy const& policy = small) {
  return plan::build(g, {.depth_first = policy}).tilings[0];
}

}  // namespace

TEST_CASE("a chain of layers runs in tiles that fit the policy", "[plan][tile_choice]") {
  constexpr plan::tiling t = first_tiling(layers(100));
  STATIC_REQUIRE(t.first == 0);
  STATIC_REQUIRE(t.count == 2);
  STATIC_REQUIRE(t.matrices == 1);
  STATIC_REQUIRE(t.rows == 100);
  // 4096 bytes hold 16 rows of 64 floats: 12 are whole register tiles, and 9 tiles of 12 rows
  STATIC_REQUIRE(t.tile == 12);
  STATIC_REQUIRE(t.tiles() == 9);
  auto const p = checked_plan(layers(100), {.depth_first = small});
  REQUIRE(p.steps[0].result.place == plan::place::tile);
  REQUIRE(p.steps[1].operands.count == 2);
  auto const whole = plan::build(layers(100), {.depth_first = {.on = false}});
  REQUIRE(p.workspace_bytes < whole.workspace_bytes);
}

TEST_CASE("a chain stays whole where tiles do not pay", "[plan][tile_choice]") {
  STATIC_REQUIRE(tilings(layers(100), {.on = false}) == 0);
  STATIC_REQUIRE(tilings(layers(100), {.least_bytes = 100 * 64 * 4 + 1}) == 0);
  STATIC_REQUIRE(tilings(layers(100), {.least_bytes = 100 * 64 * 4, .tile_bytes = 4096}) == 1);
  STATIC_REQUIRE(tilings(layers(12)) == 0);  // a single tile
  STATIC_REQUIRE(tilings(layers(100), {.least_bytes = 0, .weight_bytes = 64 * 32 * 4}) == 0);
  STATIC_REQUIRE(tilings(layers(1 << 14), {}) == 1);
  STATIC_REQUIRE(tilings(layers(100), {}) == 0);
}

TEST_CASE("attention runs in tiles of each head's rows", "[plan][tile_choice]") {
  constexpr plan::tiling t = first_tiling(attention());
  STATIC_REQUIRE(t.count == 4);
  STATIC_REQUIRE(t.matrices == 3);
  STATIC_REQUIRE(t.rows == 40);
  STATIC_REQUIRE(t.tile == 10);
  STATIC_REQUIRE(t.tiles() == 12);
  checked_plan(attention(), {.depth_first = small});
}

TEST_CASE("what others read of a chain exists as a whole", "[plan][tile_choice]") {
  auto const p = checked_plan(attention(true), {.depth_first = small});
  REQUIRE(p.tilings.size() == 1);
  REQUIRE(p.outputs[1].place == plan::place::workspace);
  REQUIRE(p.outputs[1].type == ir::tensor_type{dtype::f32, ir::shape(3, 40, 40)});
}

TEST_CASE("a matrix that is read whole comes from outside of the chain", "[plan][tile_choice]") {
  constexpr auto of_itself = [] {
    net g;
    auto const x = g.input(40, 40);
    auto const y = g.add_op<ops::softmax>({g.add_op<ops::exp>({x})}, {.axis = 1});
    return optimised(g.returning(g.add_op<ops::matmul>({y, y})));
  };
  constexpr plan::tiling t = first_tiling(of_itself());
  STATIC_REQUIRE(t.count == 2);
  checked_plan(of_itself(), {.depth_first = small});
}
