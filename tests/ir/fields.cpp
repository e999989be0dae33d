#include <etch/ir/info_of.hpp>

#include "catch.hpp"
#include "ir/ir_test.hpp"

// What a graph knows of an operator and of its attributes, without knowing its type.

namespace {

using namespace etch_test;
using etch::core::field_kind;
using ir::f32;

constexpr bool attributes_survive_the_graph() {
  ir::graph g;
  auto const x = ir::add_input(g, f32(2));
  described::attrs const before{
      .axis = 3, .keep = true, .eps = 1e-5f, .sizes = {7, 8, 9}, .how = described::mode::plain};
  auto const first = add<described>(g, {x}, f32(3), before);
  auto const second = add<described>(g, {first}, f32(1));
  auto const after = g.attrs_of<described::attrs>(first);
  auto const defaults = g.attrs_of<described::attrs>(second);
  return after.axis == 3 && after.keep && after.eps == 1e-5f &&
         after.sizes == etch::core::ints<4>(7, 8, 9) && after.how == described::mode::plain &&
         defaults.axis == -1 && defaults.sizes == etch::core::ints<4>(1);
}

constexpr bool types_are_inferred_from_words() {
  ir::graph g;
  auto const x = ir::add_input(g, f32(2));
  auto const y = add<described>(g, {x}, f32(), {.sizes = {5, 5, 5}});
  std::array const types{f32(2)}, scalar{f32()};
  auto const infer = ir::info_of<described>.infer;
  return infer(types, g.words_of(g[y])).type == f32(3) && !infer(scalar, g.words_of(g[y])).ok();
}

template <class Op>
constexpr bool has_arity(int least, int most) {
  return ir::info_of<Op>.arity_min == least && ir::info_of<Op>.arity_max == most;
}

}  // namespace

TEST_CASE("attributes survive in the words of a graph", "[ir][fields]") {
  STATIC_REQUIRE(attributes_survive_the_graph());
  REQUIRE(attributes_survive_the_graph());
}

TEST_CASE("an operator infers from the words of its attributes", "[ir][fields]") {
  STATIC_REQUIRE(types_are_inferred_from_words());
  REQUIRE(types_are_inferred_from_words());
}

TEST_CASE("an operator tells the kinds of its attributes", "[ir][fields]") {
  auto const& fields = ir::info_of<described>.fields;
  STATIC_REQUIRE(ir::info_of<plus>.fields.empty());
  REQUIRE(fields.size() == 5);
  REQUIRE(fields[0] == field_kind::integer);
  REQUIRE(fields[1] == field_kind::boolean);
  REQUIRE(fields[2] == field_kind::real);
  REQUIRE(fields[3] == field_kind::integers);
  REQUIRE(fields[4] == field_kind::integer);
}

TEST_CASE("the number of operands is that of eval, or what the operator says", "[ir][fields]") {
  STATIC_REQUIRE(has_arity<plus>(2, 2));
  STATIC_REQUIRE(has_arity<scaled>(1, 1));
  STATIC_REQUIRE(has_arity<described>(1, 2));
}

TEST_CASE("an elementwise operator counts an operation for each element", "[ir][fields]") {
  constexpr std::array types{f32(3, 4), f32(4)};
  STATIC_REQUIRE(ir::info_of<plus>.flops(types, f32(3, 4), nullptr) == 12);
  STATIC_REQUIRE(ir::info_of<described>.flops(types, f32(3, 4), nullptr) == 0);
}
