#include <etch/ir/print.hpp>

#include <limits>

#include "catch.hpp"
#include "ir/ir_test.hpp"

namespace {

using namespace etch_test;
using ir::f32;
using ir::to_string_exact;

}  // namespace

TEST_CASE("a type prints its dtype and extents", "[ir][print]") {
  REQUIRE(ir::to_string(f32(1, 784)) == "f32[1,784]");
  REQUIRE(ir::to_string(ir::tensor_type{ir::dtype::bool_, {}}) == "bool[]");
}

TEST_CASE("a number prints as the shortest text that reads back as it", "[ir][print]") {
  REQUIRE(to_string_exact(0.1) == "0.1");
  REQUIRE(to_string_exact(static_cast<double>(0.1f)) == "0.1");
  REQUIRE(to_string_exact(2.0) == "2");
  REQUIRE(to_string_exact(-0.0) == "-0");
  REQUIRE(to_string_exact(1.0 / 3) == "0.3333333333333333");
  REQUIRE(to_string_exact(std::numeric_limits<double>::infinity()) == "inf");
}

TEST_CASE("a graph prints a line for each node that is no input", "[ir][print]") {
  ir::graph g;
  auto const x = ir::add_input(g, f32(2, 3));
  auto const w = ir::add_parameter(g, f32(3), "layer.weight");
  auto const half = ir::add_constant(g, f32(), 0.5);
  auto const sum = add<plus>(g, {x, w}, f32(2, 3));
  g.outputs.push_back(add<plus>(g, {sum, half}, f32(2, 3)));
  REQUIRE(ir::to_text(g) == R"((%0 : f32[2,3]) {
  %1 = parameter 'layer.weight' : f32[3]
  %2 = constant(0.5) : f32[]
  %3 = plus(%0, %1) : f32[2,3]
  %4 = plus(%3, %2) : f32[2,3]
  return %4
}
)");
}

TEST_CASE("attributes print by their kinds", "[ir][print]") {
  ir::graph g;
  auto const x = ir::add_input(g, f32(2));
  auto const a = add<described>(g, {x}, f32(1));
  auto const b = add<described>(g, {a}, f32(3), {.axis = 2, .keep = true, .sizes = {7, -8, 9}});
  auto const c = add<described>(g, {b}, f32(), {.sizes = {}});
  g.outputs.push_back(c);
  REQUIRE(ir::to_text(g) == R"((%0 : f32[2]) {
  %1 = described(%0, -1, false, 0.1, {1}, 1) : f32[1]
  %2 = described(%1, 2, true, 0.1, {7,-8,9}, 1) : f32[3]
  %3 = described(%2, -1, false, 0.1, {}, 1) : f32[]
  return %3
}
)");
}

TEST_CASE("inputs and outputs print their names", "[ir][print]") {
  ir::graph g;
  auto const x = ir::add_input(g, f32(2), "left");
  auto const y = ir::add_input(g, f32(2), "right");
  g.outputs.push_back(add<plus>(g, {x, y}, f32(2)));
  g.outputs.push_back(x);
  g.output_names.push_back(g.add_text("sum"));
  g.output_names.push_back(g.add_text("same"));
  REQUIRE(ir::to_text(g) == R"((%0 'left' : f32[2], %1 'right' : f32[2]) {
  %2 = plus(%0, %1) : f32[2]
  return %2 'sum', %0 'same'
}
)");
}

TEST_CASE("a region prints inside its node", "[ir][print]") {
  ir::graph body;
  auto const a = ir::add_input(body, f32());
  auto const b = ir::add_input(body, f32());
  auto const sum = add<plus>(body, {a, b}, f32());
  body.outputs.push_back(add<scaled>(body, {sum}, f32()));
  ir::graph g;
  auto const x = ir::add_input(g, f32(4));
  std::array const operands{x, x};
  auto const fused = g.add(ir::fused_op, f32(4), operands);
  g[fused].region = g.add_region(body);
  g.outputs.push_back(fused);
  REQUIRE(ir::to_text(g) == R"((%0 : f32[4]) {
  %1 = fused(%0, %0) : f32[4] {
    (%0, %1)
    %2 = plus(%0, %1) : f32[]
    %3 = scaled(%2, 2) : f32[]
    return %3
  }
  return %1
}
)");
}
