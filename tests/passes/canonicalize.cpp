#include <etch/passes/canonicalize.hpp>

#include "pass_test.hpp"

namespace {

using namespace etch_test;
using canonical = passes::canonicalize;  // <math.h> has a function of that name

constexpr ir::graph with_weights_on_the_left() {
  net g;
  auto const x = g.input(2, 3), w = g.weight("w", 3);
  auto const y = g.add_op<ops::add>({w, x});
  auto const z = g.add_op<ops::mul>({g.number(2), y});
  return g.returning(g.add_op<ops::mul>({g.number(3), w}), z);
}

constexpr bool puts_weights_and_literals_right() {
  ir::graph const now = canonical{}(with_weights_on_the_left());
  return now.input(2, 0) == 0 && now.input(2, 1) == 1 && now.input(4, 0) == 2 &&
         ir::is(now[now.input(6, 1)], ir::constant_op);
}

constexpr ir::graph with_a_difference() {
  net g;
  auto const x = g.input(2, 3), w = g.weight("w", 3);
  auto const a = g.add_op<ops::sub>({x, w});
  auto const b = g.add_op<ops::sub>({w, x});
  auto const c = g.add_op<ops::sub>({x, g.add_op<ops::neg>({w})});
  return g.returning(a, b, c);
}

constexpr bool subtracts_weights_by_adding() {
  ir::graph const now = after<canonical>(with_a_difference());
  return count<ops::sub>(now) == 1 && count<ops::add>(now) == 2 && count<ops::neg>(now) == 1;
}

template <class Op>
constexpr ir::graph with_number(double number, bool on_the_left = false) {
  net g;
  auto const x = g.input(2, 3), n = g.number(number);
  return g.returning(on_the_left ? g.add_op<Op>({n, x}) : g.add_op<Op>({x, n}));
}

template <class Op>
constexpr bool drops(double number, bool on_the_left = false) {
  return after<canonical>(with_number<Op>(number, on_the_left)).size() == 1;
}

constexpr ir::graph with_broadcasting_ones() {
  net g;
  auto const x = g.input(1, 3);
  auto const ones = ir::add_constant(g, f32(2, 3), 1.0);
  return g.returning(g.add_op<ops::mul>({x, ones}));
}

constexpr ir::graph with_signs() {
  net g;
  auto const x = g.input(2, 3);
  auto const twice = g.add_op<ops::neg>({g.add_op<ops::neg>({x})});
  return g.returning(g.add_op<ops::neg>({g.add_op<ops::neg>({g.add_op<ops::neg>({twice})})}));
}

constexpr ir::graph with_a_product() {
  net g;
  auto const x = g.input(2, 5, 3), y = g.input(3, 4);
  auto const a = g.add_op<ops::matmul>({x, g.weight("w", 3, 4)});
  auto const b = g.add_op<ops::matmul>({x, y});
  auto const c = g.add_op<ops::matmul>({x, g.weight("v", 2, 3, 4)});
  return g.returning(a, b, c);
}

constexpr bool makes_products_by_weights_linear() {
  ir::graph const now = after<canonical>(with_a_product());
  return count<ops::linear>(now) == 1 && count<ops::matmul>(now) == 2;
}

constexpr ir::graph with_linears_of_run_time() {
  net g;
  auto const x = g.input(5, 3), w = g.input(4, 3), b = g.input(4);
  auto const t = g.add_op<ops::transpose>({w}, {.perm = {1, 0}});
  auto const first = g.add_op<ops::linear>({x, w, b});
  auto const second = g.add_op<ops::linear>({x, t}, {.in_out = true});
  auto const third = g.add_op<ops::linear>({x, g.weight("w", 4, 3), b});
  auto const fourth = g.add_op<ops::linear>({x, g.add_op<ops::transpose>({t}, {.perm = {1, 0}})});
  auto const vector = g.add_op<ops::linear>({g.input(3), w});
  return g.returning(first, second, third, fourth, vector);
}

constexpr bool makes_run_time_linears_products() {
  ir::graph const now = after<canonical>(with_linears_of_run_time());
  // All read x; the vector has no rows to be a matrix, and stays.
  return count<ops::matmul>(now) == 3 && count<ops::linear>(now) == 2 && count<ops::add>(now) == 2;
}

constexpr ir::graph with_reshapes() {
  net g;
  auto const x = g.input(2, 6);
  auto const a = g.add_op<ops::reshape>({x}, {.shape = {3, 4}});
  auto const b = g.add_op<ops::reshape>({a}, {.shape = {12}});
  auto const c = g.add_op<ops::reshape>({b}, {.shape = {2, 6}});
  auto const first = g.add_op<ops::relu>({b});
  return g.returning(first, g.add_op<ops::relu>({c}));
}

constexpr bool joins_reshapes() {
  ir::graph const now = after<canonical>(with_reshapes());
  return count<ops::reshape>(now) == 1 && now.size() == 4 && now.input(3, 0) == 0;
}

constexpr ir::graph with_transposes() {
  net g;
  auto const x = g.input(2, 3, 4, 5);
  auto const last = g.add_op<ops::transpose>({x}, {.perm = {0, 2, 3, 1}});
  auto const back = g.add_op<ops::transpose>({last}, {.perm = {0, 3, 1, 2}});
  auto const turned = g.add_op<ops::transpose>({last}, {.perm = {3, 0, 1, 2}});
  return g.returning(g.add_op<ops::relu>({back}), turned);
}

constexpr bool joins_transposes() {
  ir::graph const now = after<canonical>(with_transposes());
  return count<ops::transpose>(now) == 1 && now.size() == 3;
}

constexpr ir::graph with_a_transposed_row() {
  net g;
  auto const x = g.input(1, 3, 1, 5);
  auto const in_order = g.add_op<ops::transpose>({x}, {.perm = {2, 1, 3, 0}});
  return g.returning(in_order, g.add_op<ops::transpose>({x}, {.perm = {3, 1, 2, 0}}));
}

constexpr bool moves_ones_by_reshaping() {
  ir::graph const now = after<canonical>(with_a_transposed_row());
  return count<ops::reshape>(now) == 1 && count<ops::transpose>(now) == 1;
}

constexpr ir::graph with_powers() {
  net g;
  auto const x = g.input(2, 3);
  return g.returning(g.add_op<ops::pow>({x, g.number(1)}), g.add_op<ops::pow>({x, g.number(2)}),
                     g.add_op<ops::pow>({x, g.number(3)}));
}

constexpr bool simplifies_powers() {
  ir::graph const now = after<canonical>(with_powers());
  return count<ops::pow>(now) == 1 && count<ops::mul>(now) == 1 && now.outputs[0] == 0;
}

constexpr ir::graph with_empty_work() {
  net g;
  auto const x = g.input(2, 3);
  auto const same = g.add_op<ops::cast>({x}, {.to = static_cast<int>(dtype::f32)});
  auto const all =
      g.add_op<ops::slice>({same}, {.starts = {0, 0}, .sizes = {2, 3}, .steps = {1, 1}});
  auto const one = g.add_op<ops::concat>({all}, {.axis = 1});
  auto const part =
      g.add_op<ops::slice>({one}, {.starts = {0, 1}, .sizes = {2, 2}, .steps = {1, 1}});
  auto const whole = g.add_op<ops::cast>({part}, {.to = static_cast<int>(dtype::i32)});
  return g.returning(whole, g.add_op<ops::concat>({one, one}, {.axis = 0}));
}

constexpr bool drops_empty_work() {
  ir::graph const now = after<canonical>(with_empty_work());
  return now.size() == 4 && count<ops::slice>(now) == 1 && count<ops::cast>(now) == 1 &&
         count<ops::concat>(now) == 1;
}

constexpr ir::graph with_a_region() {
  net region;
  auto const in = region.input(2, 3);
  auto const zero = region.add_op<ops::mul>({in, region.number(1)});
  net g;
  auto const x = g.input(2, 3);
  std::array const operands{x};
  auto const fused = g.add(ir::fused_op, f32(2, 3), operands);
  g[fused].region = g.add_region(region.returning(zero));
  return g.returning(fused);
}

}  // namespace

TEST_CASE("canonicalize puts weights and literals right of commutative operators",
          "[passes][canonicalize]") {
  STATIC_REQUIRE(puts_weights_and_literals_right());
  REQUIRE(puts_weights_and_literals_right());
  REQUIRE(text_after<canonical>(with_weights_on_the_left()) == R"((%0 : f32[2,3]) {
  %1 = parameter 'w' : f32[3]
  %2 = add(%0, %1) : f32[2,3]
  %3 = constant(2) : f32[]
  %4 = mul(%2, %3) : f32[2,3]
  %5 = constant(3) : f32[]
  %6 = mul(%1, %5) : f32[3]
  return %6, %4
}
)");
  require_sound<canonical>(with_weights_on_the_left());
}

TEST_CASE("canonicalize adds the negative of a weight", "[passes][canonicalize]") {
  STATIC_REQUIRE(subtracts_weights_by_adding());
  REQUIRE(subtracts_weights_by_adding());
  REQUIRE(text_after<canonical>(with_a_difference()) == R"((%0 : f32[2,3]) {
  %1 = parameter 'w' : f32[3]
  %2 = neg(%1) : f32[3]
  %3 = add(%0, %2) : f32[2,3]
  %4 = sub(%1, %0) : f32[2,3]
  %5 = add(%0, %1) : f32[2,3]
  return %3, %4, %5
}
)");
  require_sound<canonical>(with_a_difference());
}

TEST_CASE("canonicalize drops factors of one and sums with minus zero", "[passes][canonicalize]") {
  STATIC_REQUIRE(drops<ops::mul>(1));
  STATIC_REQUIRE(drops<ops::mul>(1, true));
  STATIC_REQUIRE(drops<ops::div>(1));
  STATIC_REQUIRE(drops<ops::add>(-0.0));
  STATIC_REQUIRE(drops<ops::add>(-0.0, true));
  // x + 0 turns -0 into 0; 1 / x is no x; a factor of 2 counts.
  STATIC_REQUIRE_FALSE(drops<ops::add>(0.0));
  STATIC_REQUIRE_FALSE(drops<ops::div>(1, true));
  STATIC_REQUIRE_FALSE(drops<ops::mul>(2));
  require_sound<canonical>(with_number<ops::mul>(1, true));
  require_sound<canonical>(with_number<ops::add>(-0.0));
  require_unchanged<canonical>(with_number<ops::add>(0.0));
  require_unchanged<canonical>(with_number<ops::div>(1, true));
  require_unchanged<canonical>(with_broadcasting_ones());
}

TEST_CASE("canonicalize takes two signs away", "[passes][canonicalize]") {
  STATIC_REQUIRE(count<ops::neg>(after<canonical>(with_signs())) == 1);
  require_sound<canonical>(with_signs());
}

TEST_CASE("canonicalize writes a product by a weight as linear", "[passes][canonicalize]") {
  STATIC_REQUIRE(makes_products_by_weights_linear());
  REQUIRE(makes_products_by_weights_linear());
  REQUIRE(text_after<canonical>(with_a_product()) ==
          R"((%0 : f32[2,5,3], %1 : f32[3,4]) {
  %2 = parameter 'w' : f32[3,4]
  %3 = linear(%0, %2, true) : f32[2,5,4]
  %4 = matmul(%0, %1) : f32[2,5,4]
  %5 = parameter 'v' : f32[2,3,4]
  %6 = matmul(%0, %5) : f32[2,5,4]
  return %3, %4, %6
}
)");
  require_sound<canonical>(with_a_product());
}

TEST_CASE("canonicalize writes a linear by a run-time matrix as a product",
          "[passes][canonicalize]") {
  STATIC_REQUIRE(makes_run_time_linears_products());
  REQUIRE(makes_run_time_linears_products());
  // The sums round once more than the linear does.
  require_sound<canonical>(with_linears_of_run_time(), 1e-6);
}

TEST_CASE("canonicalize makes chains of reshapes one", "[passes][canonicalize]") {
  STATIC_REQUIRE(joins_reshapes());
  REQUIRE(joins_reshapes());
  REQUIRE(text_after<canonical>(with_reshapes()) == R"((%0 : f32[2,6]) {
  %1 = reshape(%0, {12}) : f32[12]
  %2 = relu(%1) : f32[12]
  %3 = relu(%0) : f32[2,6]
  return %2, %3
}
)");
  require_sound<canonical>(with_reshapes());
}

TEST_CASE("canonicalize makes chains of transposes one, or none", "[passes][canonicalize]") {
  STATIC_REQUIRE(joins_transposes());
  REQUIRE(joins_transposes());
  REQUIRE(text_after<canonical>(with_transposes()) == R"((%0 : f32[2,3,4,5]) {
  %1 = transpose(%0, {1,0,2,3}) : f32[3,2,4,5]
  %2 = relu(%0) : f32[2,3,4,5]
  return %2, %1
}
)");
  require_sound<canonical>(with_transposes());
}

TEST_CASE("canonicalize reshapes where a transpose moves only extents of 1",
          "[passes][canonicalize]") {
  STATIC_REQUIRE(moves_ones_by_reshaping());
  REQUIRE(moves_ones_by_reshaping());
  REQUIRE(text_after<canonical>(with_a_transposed_row()) == R"((%0 : f32[1,3,1,5]) {
  %1 = reshape(%0, {1,3,5,1}) : f32[1,3,5,1]
  %2 = transpose(%0, {3,1,2,0}) : f32[5,3,1,1]
  return %1, %2
}
)");
  require_sound<canonical>(with_a_transposed_row());
}

TEST_CASE("canonicalize writes a square as a product", "[passes][canonicalize]") {
  STATIC_REQUIRE(simplifies_powers());
  REQUIRE(simplifies_powers());
  require_sound<canonical>(with_powers(), 1e-6);
}

TEST_CASE("canonicalize drops casts, slices and concats that do nothing",
          "[passes][canonicalize]") {
  STATIC_REQUIRE(drops_empty_work());
  REQUIRE(drops_empty_work());
  REQUIRE(text_after<canonical>(with_empty_work()) == R"((%0 : f32[2,3]) {
  %1 = slice(%0, {0,1}, {2,2}, {1,1}) : f32[2,2]
  %2 = cast(%1, 6) : i32[2,2]
  %3 = concat(%0, %0, 0) : f32[4,3]
  return %2, %3
}
)");
  require_sound<canonical>(with_empty_work());
}

TEST_CASE("canonicalize leaves regions alone", "[passes][canonicalize]") {
  require_unchanged<canonical>(with_a_region());
}
