#include <etch/passes/dead_code.hpp>

#include "pass_test.hpp"

namespace {

using namespace etch_test;
using passes::dead_code;

constexpr ir::graph with_a_dead_tail() {
  net g;
  auto const x = g.input(1, 8);
  auto const y = g.add_op<ops::relu>({x});
  auto const dead = g.add_op<ops::tanh>({x});
  g.add_op<ops::add>({dead, g.weight("w", 8)});
  return g.returning(y);
}

constexpr bool drops_what_nothing_reads() {
  ir::graph const now = dead_code{}(with_a_dead_tail());
  return now.size() == 2 && count<ops::relu>(now) == 1 && now.inputs.size() == 1;
}

constexpr ir::graph with_an_unread_input() {
  net g;
  g.input(4);
  auto const y = g.input(4);
  return g.returning(g.add_op<ops::relu>({y}));
}

constexpr bool keeps_inputs() {
  ir::graph const now = dead_code{}(with_an_unread_input());
  return now.size() == 3 && now.inputs.size() == 2 && now.inputs[1] == 1;
}

constexpr bool keeps_names_and_outputs() {
  net g;
  auto const x = ir::add_input(g, f32(4), "x");
  g.add_op<ops::relu>({x});
  auto const y = g.add_op<ops::add>({x, g.weight("w", 4)});
  g.output_names.push_back(g.add_text("a"));
  g.output_names.push_back(g.add_text("b"));
  ir::graph const now = dead_code{}(g.returning(y, x));
  return now.outputs.size() == 2 && now.outputs[0] == 2 && now.outputs[1] == 0 &&
         now.text_of(now.output_names[1]) == "b" && now.name_of(0) == "x" && now.name_of(1) == "w";
}

}  // namespace

TEST_CASE("dead_code drops a chain that no output reads", "[passes][dead_code]") {
  STATIC_REQUIRE(drops_what_nothing_reads());
  REQUIRE(drops_what_nothing_reads());
  REQUIRE(ir::to_text(dead_code{}(with_a_dead_tail())) == R"((%0 : f32[1,8]) {
  %1 = relu(%0) : f32[1,8]
  return %1
}
)");
  require_sound<dead_code>(with_a_dead_tail());
}

TEST_CASE("dead_code keeps inputs that nothing reads", "[passes][dead_code]") {
  STATIC_REQUIRE(keeps_inputs());
  REQUIRE(keeps_inputs());
  require_sound<dead_code>(with_an_unread_input());
}

TEST_CASE("dead_code keeps the names and the order of outputs", "[passes][dead_code]") {
  STATIC_REQUIRE(keeps_names_and_outputs());
  REQUIRE(keeps_names_and_outputs());
}
