#include <bit>
#include <limits>

#include <etch/passes/fold_literals.hpp>

#include "pass_test.hpp"

namespace {

using namespace etch_test;
using passes::fold_literals;

template <class Op>
constexpr ir::graph of_two(double a, double b, dtype type = dtype::f32) {
  net g;
  auto const x = ir::add_constant(g, {type, {}}, a), y = ir::add_constant(g, {type, {}}, b);
  return g.returning(g.add_op<Op>({x, y}));
}

template <class Op>
constexpr ir::graph of_one(double a, dtype type = dtype::f32) {
  net g;
  return g.returning(g.add_op<Op>({ir::add_constant(g, {type, {}}, a)}));
}

constexpr bool is_folded(ir::graph const& before) {
  ir::graph const now = after<fold_literals>(before);
  return now.size() == 1 && ir::is(now[0], ir::constant_op);
}

/// The bits of the one number that is left, as a double.
constexpr std::int64_t folded_bits(ir::graph const& before) {
  ir::graph const now = after<fold_literals>(before);
  return now.size() == 1 ? std::bit_cast<std::int64_t>(ir::constant_value(now, 0)) : -1;
}
constexpr std::int64_t bits(double value) { return std::bit_cast<std::int64_t>(value); }

constexpr ir::graph with_a_chain() {
  net g;
  auto const x = g.input(2, 3);
  auto const sum = g.add_op<ops::add>({g.number(1), g.number(2)});
  auto const scaled = g.add_op<ops::mul>({g.add_op<ops::neg>({sum}), g.number(0.5)});
  return g.returning(g.add_op<ops::add>({x, scaled}));
}

constexpr ir::graph with_shapes() {
  net g;
  auto const ones = ir::add_constant(g, f32(2, 1), 1), twos = ir::add_constant(g, f32(1, 3), 2);
  return g.returning(g.add_op<ops::add>({ones, twos}));
}

constexpr ir::graph with_a_table() {
  net g;
  std::array const words{bits(1), bits(2)};
  auto const table = g.add(ir::constant_op, f32(2), {}, words);
  return g.returning(g.add_op<ops::add>({table, g.number(1)}));
}

constexpr float big = std::numeric_limits<float>::max();

}  // namespace

TEST_CASE("fold_literals computes chains of literals", "[passes][fold_literals]") {
  STATIC_REQUIRE(after<fold_literals>(with_a_chain()).size() == 3);
  REQUIRE(text_after<fold_literals>(with_a_chain()) == R"((%0 : f32[2,3]) {
  %1 = constant(-1.5) : f32[]
  %2 = add(%0, %1) : f32[2,3]
  return %2
}
)");
  require_sound<fold_literals>(with_a_chain());
}

TEST_CASE("fold_literals knows + - * / min max neg abs", "[passes][fold_literals]") {
  STATIC_REQUIRE(folded_bits(of_two<ops::add>(3, 4)) == bits(7));
  STATIC_REQUIRE(folded_bits(of_two<ops::sub>(3, 4)) == bits(-1));
  STATIC_REQUIRE(folded_bits(of_two<ops::mul>(3, 4)) == bits(12));
  STATIC_REQUIRE(folded_bits(of_two<ops::div>(3, 4)) == bits(0.75));
  STATIC_REQUIRE(folded_bits(of_two<ops::min>(3, 4)) == bits(3));
  STATIC_REQUIRE(folded_bits(of_two<ops::max>(3, 4)) == bits(4));
  STATIC_REQUIRE(folded_bits(of_one<ops::neg>(0.0)) == bits(-0.0));
  STATIC_REQUIRE(folded_bits(of_one<ops::abs>(-3)) == bits(3));
  STATIC_REQUIRE(folded_bits(of_one<ops::abs>(-0.0)) == bits(0.0));
  // What the library rounds in its own way is left to load time.
  STATIC_REQUIRE_FALSE(is_folded(of_one<ops::exp>(1)));
  STATIC_REQUIRE_FALSE(is_folded(of_one<ops::sqrt>(2)));
}

TEST_CASE("fold_literals gives the bits of run time", "[passes][fold_literals]") {
  double const numbers[] = {0.0, -0.0, 1, -1, 3, 0.1f, -0.7f, 1e-30f, 1e30f, 16777215};
  for (double a : numbers) {
    require_sound<fold_literals>(of_one<ops::neg>(a));
    require_sound<fold_literals>(of_one<ops::abs>(a));
    for (double b : numbers) {
      for (dtype type : {dtype::f32, dtype::f64}) {
        require_sound<fold_literals>(of_two<ops::add>(a, b, type));
        require_sound<fold_literals>(of_two<ops::sub>(a, b, type));
        require_sound<fold_literals>(of_two<ops::mul>(a, b, type));
        require_sound<fold_literals>(of_two<ops::min>(a, b, type));
        require_sound<fold_literals>(of_two<ops::max>(a, b, type));
        if (b != 0) require_sound<fold_literals>(of_two<ops::div>(a, b, type));
      }
    }
  }
  STATIC_REQUIRE(folded_bits(of_two<ops::add>(0.1f, 0.2f)) == bits(0.1f + 0.2f));
  STATIC_REQUIRE(folded_bits(of_two<ops::div>(1, 3)) == bits(1.0f / 3.0f));
  STATIC_REQUIRE(folded_bits(of_two<ops::div>(1, 3, dtype::f64)) == bits(1.0 / 3.0));
}

TEST_CASE("fold_literals leaves what overflows, divides by zero or is no number",
          "[passes][fold_literals]") {
  STATIC_REQUIRE_FALSE(is_folded(of_two<ops::add>(big, big)));
  STATIC_REQUIRE_FALSE(is_folded(of_two<ops::mul>(1e200, 1e200, dtype::f64)));
  STATIC_REQUIRE_FALSE(is_folded(of_two<ops::div>(1e100, 1e-250, dtype::f64)));
  STATIC_REQUIRE_FALSE(is_folded(of_two<ops::div>(1, 0)));
  STATIC_REQUIRE_FALSE(is_folded(of_two<ops::min>(std::numeric_limits<double>::quiet_NaN(), 1)));
  STATIC_REQUIRE_FALSE(is_folded(of_two<ops::sub>(std::numeric_limits<double>::infinity(), 1)));
}

TEST_CASE("fold_literals leaves integers and literals with many values",
          "[passes][fold_literals]") {
  STATIC_REQUIRE_FALSE(is_folded(of_two<ops::add>(1, 2, dtype::i32)));
  STATIC_REQUIRE_FALSE(is_folded(with_a_table()));
  require_unchanged<fold_literals>(with_a_table());
}

TEST_CASE("fold_literals keeps the shape to which literals broadcast", "[passes][fold_literals]") {
  STATIC_REQUIRE(is_folded(with_shapes()));
  STATIC_REQUIRE(after<fold_literals>(with_shapes())[0].type == f32(2, 3));
  require_sound<fold_literals>(with_shapes());
}
