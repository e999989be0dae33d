#include <etch/passes/common_subexpressions.hpp>

#include "pass_test.hpp"

namespace {

using namespace etch_test;
using passes::common_subexpressions;

constexpr ir::graph with_twins() {
  net g;
  auto const x = g.input(2, 3), y = g.input(2, 3);
  auto const a = g.add_op<ops::mul>({g.add_op<ops::add>({x, y}), g.number(2)});
  auto const b = g.add_op<ops::mul>({g.add_op<ops::add>({y, x}), g.number(2)});
  return g.returning(g.add_op<ops::sub>({a, b}));
}

constexpr bool joins_twins() {
  ir::graph const now = after<common_subexpressions>(with_twins());
  return count<ops::add>(now) == 1 && count<ops::mul>(now) == 1 &&
         count(now, ir::constant_op) == 1 && now.size() == 6;
}

constexpr ir::graph with_relatives() {
  net g;
  auto const x = g.input(2, 3), y = g.input(2, 3);
  auto const a = g.add_op<ops::sub>({x, y}), b = g.add_op<ops::sub>({y, x});
  auto const c = g.add_op<ops::clamp>({a}, {.low = 0, .high = 1});
  auto const d = g.add_op<ops::clamp>({a}, {.low = 0, .high = 2});
  auto const zeros = g.add_op<ops::add>({g.number(0.0), g.number(-0.0)});
  auto const e = g.add_op<ops::reshape>({b}, {.shape = {6}});
  auto const f = g.add_op<ops::reshape>({b}, {.shape = {3, 2}});
  return g.returning(c, d, e, f, zeros);
}

constexpr bool tells_relatives_apart() {
  return after<common_subexpressions>(with_relatives()).size() == with_relatives().size();
}

// A weight that was named before the value it is added to.
constexpr ir::graph with_an_early_weight() {
  net g;
  auto const x = g.input(2, 3), w = g.weight("w", 3);
  auto const y = g.add_op<ops::relu>({x});
  auto const a = g.add_op<ops::add>({y, w}), b = g.add_op<ops::add>({w, y});
  return g.returning(g.add_op<ops::mul>({a, b}));
}

constexpr bool keeps_weights_on_the_right() {
  ir::graph const now = after<common_subexpressions>(with_an_early_weight());
  return count<ops::add>(now) == 1 && now.input(3, 0) == 2 && now.input(3, 1) == 1;
}

}  // namespace

TEST_CASE("common_subexpressions computes equal expressions once, in either order",
          "[passes][common_subexpressions]") {
  STATIC_REQUIRE(joins_twins());
  REQUIRE(joins_twins());
  REQUIRE(text_after<common_subexpressions>(with_twins()) ==
          R"((%0 : f32[2,3], %1 : f32[2,3]) {
  %2 = add(%0, %1) : f32[2,3]
  %3 = constant(2) : f32[]
  %4 = mul(%2, %3) : f32[2,3]
  %5 = sub(%4, %4) : f32[2,3]
  return %5
}
)");
  require_sound<common_subexpressions>(with_twins());
}

TEST_CASE("common_subexpressions heeds order, attributes and the sign of zero",
          "[passes][common_subexpressions]") {
  STATIC_REQUIRE(tells_relatives_apart());
  REQUIRE(tells_relatives_apart());
  require_sound<common_subexpressions>(with_relatives());
}

TEST_CASE("common_subexpressions keeps the order of operands that other passes gave",
          "[passes][common_subexpressions]") {
  STATIC_REQUIRE(keeps_weights_on_the_right());
  REQUIRE(keeps_weights_on_the_right());
  require_sound<common_subexpressions>(with_an_early_weight());
}
