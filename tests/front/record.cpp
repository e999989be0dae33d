#include <etch/front/record.hpp>

#include "catch.hpp"
#include "ir/ir_test.hpp"

namespace {

using namespace etch;
using etch_test::described;
using etch_test::plus;
using etch_test::plus_three;
using etch_test::scaled;

struct recorded {
  front::recorder to;
  tensor<float, 3, 1> x{to, ir::add_input(to.graph, ir::f32(3, 1))};
};

constexpr bool records_one_node() {
  recorded r;
  auto const y = record<scaled>({.factor = 0.5}, r.x);
  static_assert(std::is_same_v<decltype(y), tensor<float, 3, 1> const>);
  ir::graph const& g = r.to.graph;
  return g.size() == 2 && y.id() == 1 && g[1].op == &ir::info_of<scaled> &&
         g.attrs_of<scaled::attrs>(1).factor == 0.5 && g.input(1, 0) == 0 &&
         &y.recording() == &r.to;
}

constexpr bool broadcasts_the_types() {
  recorded r;
  auto const y = record<plus>({}, r.x, parameter<float, 2, 1, 4>("w"));
  static_assert(std::is_same_v<decltype(y), tensor<float, 2, 3, 4> const>);
  return r.to.graph[y.id()].type == y.type;
}

constexpr bool parameters_join_from_left_to_right() {
  recorded r;
  auto const y =
      record<plus_three>({}, parameter<float, 4>("first"), r.x, parameter<float, 4>("second"));
  ir::graph const& g = r.to.graph;
  return g.name_of(1) == "first" && g.name_of(2) == "second" && g.input(y.id(), 0) == 1 &&
         g.input(y.id(), 1) == 0 && g.input(y.id(), 2) == 2;
}

constexpr bool shaping_attributes_are_template_arguments() {
  recorded r;
  auto const y = record_as<described, described::attrs{.sizes = {8, 8}}>(r.x);
  static_assert(std::is_same_v<decltype(y), tensor<float, 2> const>);
  return r.to.graph.attrs_of<described::attrs>(y.id()).sizes == core::ints<4>(8, 8);
}

constexpr bool a_named_tensor_is_recorded_as_a_tensor() {
  front::recorder to;
  named<"x", tensor<float, 4>> const x(to, ir::add_input(to.graph, ir::f32(4), "x"));
  auto const y = record<plus>({}, x, x);
  static_assert(std::is_same_v<decltype(y), tensor<float, 4> const>);
  return y.id() == 1;
}

}  // namespace

TEST_CASE("record appends one node to the recording of its operands", "[front][record]") {
  STATIC_REQUIRE(records_one_node());
  REQUIRE(records_one_node());
}

TEST_CASE("the type of a result is what the operator infers", "[front][record]") {
  STATIC_REQUIRE(broadcasts_the_types());
  REQUIRE(broadcasts_the_types());
}

TEST_CASE("parameters join in the order of the operands", "[front][record]") {
  STATIC_REQUIRE(parameters_join_from_left_to_right());
  REQUIRE(parameters_join_from_left_to_right());
}

TEST_CASE("attributes that change the shape are template arguments", "[front][record]") {
  STATIC_REQUIRE(shaping_attributes_are_template_arguments());
  REQUIRE(shaping_attributes_are_template_arguments());
}

TEST_CASE("a named tensor is recorded as the tensor it is", "[front][record]") {
  STATIC_REQUIRE(a_named_tensor_is_recorded_as_a_tensor());
  REQUIRE(a_named_tensor_is_recorded_as_a_tensor());
}
