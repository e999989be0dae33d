#include <etch/ir/graph.hpp>

#include "catch.hpp"
#include "ir/ir_test.hpp"

namespace {

using namespace etch_test;
using ir::f32;

constexpr ir::graph small() {
  ir::graph g;
  auto const x = ir::add_input(g, f32(2, 3), "x");
  auto const w = ir::add_parameter(g, f32(3), "layer.weight");
  auto const sum = add<plus>(g, {x, w}, f32(2, 3));
  auto const y = add<scaled>(g, {sum}, f32(2, 3), {.factor = 0.1});
  g.outputs.push_back(y);
  return g;
}

constexpr bool keeps_what_is_added() {
  ir::graph const g = small();
  return g.size() == 4 && g[2].op == &ir::info_of<plus> && g[2].type == f32(2, 3) &&
         g.inputs_of(2).size() == 2 && g.input(2, 0) == 0 && g.input(2, 1) == 1 &&
         g.inputs_of(3).size() == 1 && g.input(3, 0) == 2 && g.inputs_of(0).empty() &&
         g.name_of(0) == "x" && g.name_of(1) == "layer.weight" && g.name_of(2).empty() &&
         g.attrs_of<scaled::attrs>(3).factor == 0.1 && g.word_span(g[2]).empty() &&
         g.inputs[0] == 0 && g.outputs[0] == 3;
}

constexpr bool copies_are_apart() {
  ir::graph const g = small();
  ir::graph copy = g;
  add<plus>(copy, {3, 3}, f32(2, 3));
  copy[3].type = f32(6);
  copy.outputs[0] = 4;
  return g.size() == 4 && g[3].type == f32(2, 3) && g.outputs[0] == 3 && copy.size() == 5 &&
         copy.name_of(1) == "layer.weight";
}

constexpr bool literals_have_a_word_for_all_or_for_each() {
  ir::graph g;
  auto const splat = ir::add_constant(g, f32(4), 0.25);
  std::array const words{std::bit_cast<std::int64_t>(1.0), std::bit_cast<std::int64_t>(-2.5)};
  auto const table = g.add(ir::constant_op, f32(2), {}, words);
  return ir::constant_value(g, splat) == 0.25 && ir::constant_value(g, splat, 3) == 0.25 &&
         ir::constant_value(g, table, 0) == 1.0 && ir::constant_value(g, table, 1) == -2.5 &&
         ir::is_splat(g, splat) && !ir::is_splat(g, table);
}

constexpr bool lists_the_types_of_operands() {
  ir::graph g;
  etch::core::list<ir::node_id> ids;
  for (int i = 0; i < 9; ++i) ids.push_back(ir::add_input(g, f32(i + 1)));
  auto const few = add<plus>(g, {ids[0], ids[8]}, f32(9));
  ir::operand_type_list const two(g, g[few]);
  ir::operand_types const types = two;
  if (types.size() != 2 || !(types[0] == f32(1)) || !(types[1] == f32(9))) return false;

  auto const many = g.add(ir::fused_op, f32(1), {ids.data(), ids.size()});
  ir::operand_type_list const nine(g, g[many]);
  ir::operand_types const all = nine;
  std::int64_t sum = 0;
  for (ir::tensor_type const& type : all) sum += type.elements();
  return all.size() == 9 && sum == 45;
}

constexpr bool regions_are_graphs_of_their_own() {
  ir::graph g;
  auto const x = ir::add_input(g, f32(4));
  ir::graph body;
  body.outputs.push_back(add<scaled>(body, {ir::add_input(body, f32())}, f32()));
  std::array const operands{x};
  auto const fused = g.add(ir::fused_op, f32(4), operands);
  g[fused].region = g.add_region(body);
  ir::graph const copy = g;
  return copy.region_of(copy[fused]).size() == 2 && copy[x].region == -1 &&
         copy.region_of(copy[fused]).attrs_of<scaled::attrs>(1).factor == 2.0;
}

}  // namespace

TEST_CASE("a graph keeps its nodes, operands, attributes and names", "[ir][graph]") {
  STATIC_REQUIRE(keeps_what_is_added());
  REQUIRE(keeps_what_is_added());
}

TEST_CASE("copies of a graph are apart from it", "[ir][graph]") {
  STATIC_REQUIRE(copies_are_apart());
  REQUIRE(copies_are_apart());
}

TEST_CASE("a literal has one word for all elements or one for each", "[ir][graph]") {
  STATIC_REQUIRE(literals_have_a_word_for_all_or_for_each());
  REQUIRE(literals_have_a_word_for_all_or_for_each());
}

TEST_CASE("the types of the operands of a node are listed, few or many", "[ir][graph]") {
  STATIC_REQUIRE(lists_the_types_of_operands());
  REQUIRE(lists_the_types_of_operands());
}

TEST_CASE("the region of a node is a graph of its own", "[ir][graph]") {
  STATIC_REQUIRE(regions_are_graphs_of_their_own());
  REQUIRE(regions_are_graphs_of_their_own());
}
