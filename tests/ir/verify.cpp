#include <etch/ir/verify.hpp>

#include <array>
#include <string>

#include "catch.hpp"
#include "ir/ir_test.hpp"

namespace {

using namespace etch_test;
using ir::f32;

/// An input, a weight, their sum and twice that; the faults are made of it.
constexpr ir::graph good() {
  ir::graph g;
  auto const x = ir::add_input(g, f32(2, 3));
  auto const w = ir::add_parameter(g, f32(3), "w");
  auto const sum = add<plus>(g, {x, w}, f32(2, 3));
  g.outputs.push_back(add<scaled>(g, {sum}, f32(2, 3)));
  return g;
}

/// good() and a fused node on it whose region is `body`.
constexpr ir::graph with_region(ir::graph const& body) {
  ir::graph g = good();
  std::array const operands{g.outputs[0]};
  auto const fused = g.add(ir::fused_op, f32(2, 3), operands);
  g[fused].region = g.add_region(body);
  g.outputs[0] = fused;
  return g;
}

constexpr ir::graph body(int inputs, int outputs) {
  ir::graph g;
  for (int i = 0; i < inputs; ++i) ir::add_input(g, f32());
  auto const y = add<scaled>(g, {0}, f32());
  for (int i = 0; i < outputs; ++i) g.outputs.push_back(y);
  return g;
}

template <class Change>
std::string problem_after(Change change) {
  ir::graph g = good();
  change(g);
  char const* const problem = ir::problem_of(g);
  return problem ? problem : "";
}

std::string problem_in(ir::graph const& g) {
  char const* const problem = ir::problem_of(g);
  return problem ? problem : "";
}

}  // namespace

TEST_CASE("verify accepts a good graph", "[ir][verify]") {
  STATIC_REQUIRE(ir::problem_of(good()) == nullptr);
  STATIC_REQUIRE(ir::problem_of(with_region(body(1, 1))) == nullptr);
  REQUIRE_NOTHROW(ir::verify(good()));
}

TEST_CASE("verify refuses an operand that does not stand before its reader", "[ir][verify]") {
  std::string const expected = "etch: verify: an operand does not stand before its reader";
  REQUIRE(problem_after([](ir::graph& g) { add<scaled>(g, {4}, f32(2, 3)); }) == expected);
  REQUIRE(problem_after([](ir::graph& g) { add<scaled>(g, {9}, f32(2, 3)); }) == expected);
  REQUIRE(problem_after([](ir::graph& g) { add<scaled>(g, {-1}, f32(2, 3)); }) == expected);
}

TEST_CASE("verify refuses a node without operator", "[ir][verify]") {
  REQUIRE(problem_after([](ir::graph& g) { g[1].op = nullptr; }) ==
          "etch: verify: a node has no operator");
}

TEST_CASE("verify refuses an extent that is not positive", "[ir][verify]") {
  REQUIRE(problem_after([](ir::graph& g) { g[0].type = f32(0, 3); }) ==
          "etch: verify: an extent is not positive");
}

TEST_CASE("verify refuses a wrong number of operands", "[ir][verify]") {
  std::string const expected = "etch: verify: the number of operands is wrong";
  REQUIRE(problem_after([](ir::graph& g) { add<plus>(g, {0}, f32(2, 3)); }) == expected);
  REQUIRE(problem_after([](ir::graph& g) { add<scaled>(g, {0, 0}, f32(2, 3)); }) == expected);
  auto const reading_parameter = [](ir::graph& g) {
    std::array const operands{0};
    g[1].inputs = g.add_edges(operands);
  };
  REQUIRE(problem_after(reading_parameter) == expected);
}

TEST_CASE("verify repeats what an operator says of its operands", "[ir][verify]") {
  auto const misfit = [](ir::graph& g) {
    auto const other = ir::add_input(g, f32(5));
    add<plus>(g, {0, other}, f32(2, 3));
  };
  REQUIRE(problem_after(misfit) == "the shapes of the operands do not broadcast");
}

TEST_CASE("verify refuses a type that the operator does not infer", "[ir][verify]") {
  std::string const expected = "etch: verify: the type of a node is not what its operator infers";
  REQUIRE(problem_after([](ir::graph& g) { g[3].type = f32(3, 2); }) == expected);
  REQUIRE(problem_after([](ir::graph& g) { g[3].type.dtype = ir::dtype::f64; }) == expected);
}

TEST_CASE("verify refuses inputs and outputs that are none", "[ir][verify]") {
  REQUIRE(problem_after([](ir::graph& g) { g.outputs.clear(); }) ==
          "etch: verify: the graph has no output");
  REQUIRE(problem_after([](ir::graph& g) { g.outputs[0] = 4; }) ==
          "etch: verify: an output is not a node of the graph");
  REQUIRE(problem_after([](ir::graph& g) { g.inputs[0] = 2; }) ==
          "etch: verify: an input of the graph is not an input node");
}

TEST_CASE("verify looks into regions", "[ir][verify]") {
  ir::graph broken = body(1, 1);
  broken[1].type = f32(7);
  REQUIRE(problem_in(with_region(broken)) ==
          "etch: verify: the type of a node is not what its operator infers");
  REQUIRE(problem_in(with_region(body(1, 2))) == "etch: verify: a region has one output");
  REQUIRE(problem_in(with_region(body(2, 1))) ==
          "etch: verify: a fused node has as many operands as its region has inputs");
}

TEST_CASE("verify throws the text of the first problem", "[ir][verify]") {
  ir::graph g = good();
  g.outputs.clear();
  std::string text;
  try {
    ir::verify(g);
  } catch (char const* problem) {
    text = problem;
  }
  REQUIRE(text == "etch: verify: the graph has no output");
}
