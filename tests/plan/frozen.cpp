#include <etch/plan/frozen.hpp>

#include "plan_test.hpp"

namespace {

using namespace etch_test;

/// With a state.
constexpr plan::plan small_plan() {
  net g;
  auto const x = g.input(2, 16);
  g.states.push_back({g.add(ir::state_op, ir::f32(2, 16), {}, {}, "kept"), x, -1});
  auto const h = g.add_op<ops::linear>({x, g.weight("w", 8, 16), g.weight("b", 8)});
  auto const y = g.add_op<ops::softmax>({g.add_op<ops::tanh>({h})}, {.axis = 1});
  return plan::build(optimised(g.returning(g.add_op<ops::mul>({y, g.number(2)}), h)));
}

constexpr plan::plan of_a_view() {
  net g;
  return plan::build(g.returning(g.add_op<ops::reshape>({g.input(4)}, {.shape = {2, 2}})));
}

constexpr plan::sizes sizes = plan::sizes_of(small_plan());
constexpr auto made_by_the_compiler = plan::freeze<sizes>(small_plan());

constexpr bool same(ir::range a, ir::range b) { return a.first == b.first && a.count == b.count; }

constexpr bool same(plan::step const& a, plan::step const& b) {
  return a.op == b.op && a.kernel == b.kernel && same(a.words, b.words) &&
         same(a.operands, b.operands) && a.own_operands == b.own_operands && a.result == b.result &&
         same(a.program, b.program) && a.same_as == b.same_as && a.scratch == b.scratch &&
         a.splits == b.splits && a.window == b.window && a.cols == b.cols && a.flops == b.flops &&
         a.node == b.node;
}

constexpr bool same(plan::recipe const& a, plan::recipe const& b) {
  return a.op == b.op && same(a.words, b.words) && same(a.operands, b.operands) &&
         a.type == b.type && same(a.name, b.name) && a.weights_offset == b.weights_offset;
}

constexpr bool same(plan::kept_state const& a, plan::kept_state const& b) {
  return a.at == b.at && a.initial == b.initial && same(a.name, b.name);
}
constexpr bool same(plan::move const& a, plan::move const& b) {
  return a.from == b.from && a.to == b.to;
}

template <class A, class B, class Same>
constexpr bool same_lists(A const& a, B const& b, std::size_t count, Same const& equal) {
  for (std::size_t i = 0; i < count; ++i) {
    if (!equal(a[i], b[i])) return false;
  }
  return true;
}

template <class A, class B>
constexpr bool same_plans(A const& a, B const& b, plan::sizes const& n) {
  auto const by_value = [](auto const& x, auto const& y) { return x == y; };
  auto const by_member = [](auto const& x, auto const& y) { return same(x, y); };
  return same_lists(a.steps, b.steps, n.steps, by_member) &&
         same_lists(a.locations, b.locations, n.locations, by_value) &&
         same_lists(a.instructions, b.instructions, n.instructions, by_value) &&
         same_lists(a.recipes, b.recipes, n.recipes, by_member) &&
         same_lists(a.words, b.words, n.words, by_value) &&
         same_lists(a.text, b.text, n.text, by_value) &&
         same_lists(a.outputs, b.outputs, n.outputs, by_value) &&
         same_lists(a.tilings, b.tilings, n.tilings, by_value) &&
         same_lists(a.states, b.states, n.states, by_member) &&
         same_lists(a.moves, b.moves, n.moves, by_member) && a.state_bytes == b.state_bytes &&
         a.workspace_bytes == b.workspace_bytes && a.live_bytes == b.live_bytes &&
         a.weights_bytes == b.weights_bytes;
}

}  // namespace

TEST_CASE("a frozen plan is the plan, made in the compiler or at run time", "[plan][frozen]") {
  STATIC_REQUIRE(sizes.steps == 3);
  STATIC_REQUIRE(sizes.outputs == 2);
  STATIC_REQUIRE(sizes.recipes > 0);
  STATIC_REQUIRE(same_plans(made_by_the_compiler, small_plan(), sizes));
  plan::plan const made_now = small_plan();
  REQUIRE(same_plans(made_by_the_compiler, made_now, sizes));
  REQUIRE(same_plans(plan::freeze<sizes>(made_now), made_now, sizes));
}

TEST_CASE("a frozen plan finds operands and attributes of a step", "[plan][frozen]") {
  constexpr auto const& p = made_by_the_compiler;
  STATIC_REQUIRE(p.operand(p.steps[0], 0).place == plan::place::input);
  STATIC_REQUIRE(p.operand(p.steps[0], 1).place == plan::place::weights);
  STATIC_REQUIRE(p.steps[0].op == &ir::info_of<ops::linear>);
  STATIC_REQUIRE_FALSE(p.attrs_of<ops::linear::attrs>(p.steps[0]).in_out);
  STATIC_REQUIRE(p.steps[2].op == &ir::info_of<ops::softmax>);
  STATIC_REQUIRE(p.attrs_of<ops::softmax::attrs>(p.steps[2]).axis == 1);
}

TEST_CASE("a draft holds the plan if it was guessed large enough", "[plan][frozen]") {
  constexpr plan::sizes room{.steps = sizes.steps + 2,
                             .locations = sizes.locations + 1,
                             .instructions = sizes.instructions,
                             .recipes = sizes.recipes + 5,
                             .words = sizes.words + 1,
                             .text = sizes.text,
                             .outputs = sizes.outputs,
                             .tilings = 1,
                             .states = sizes.states,
                             .moves = sizes.moves + 1};
  STATIC_REQUIRE(plan::fits(sizes, room));
  constexpr auto draft = plan::draft_of<room>(small_plan());
  STATIC_REQUIRE(plan::fits(draft.used, room));
  STATIC_REQUIRE(same_plans(plan::freeze<draft.used>(draft.plan), small_plan(), sizes));

  constexpr plan::sizes small{.steps = sizes.steps - 1};
  STATIC_REQUIRE_FALSE(plan::fits(sizes, small));
  constexpr auto empty = plan::draft_of<small>(small_plan());
  STATIC_REQUIRE(empty.used.steps == sizes.steps);
  STATIC_REQUIRE(empty.plan.steps[0].op == nullptr);
}

TEST_CASE("a plan of nothing but a view can be frozen", "[plan][frozen]") {
  constexpr plan::sizes used = plan::sizes_of(of_a_view());
  constexpr auto p = plan::freeze<used>(of_a_view());
  STATIC_REQUIRE(p.steps.empty());
  STATIC_REQUIRE(p.workspace_bytes == 0);
  STATIC_REQUIRE(p.outputs[0].place == plan::place::input);
  REQUIRE(p.outputs[0].type == f32(2, 2));
}
