#include <etch/front/state.hpp>

#include <etch/front/trace.hpp>
#include <etch/ir/verify.hpp>
#include <etch/ops/add.hpp>
#include <etch/ops/number.hpp>

#include "catch.hpp"

namespace {

using namespace etch;

constexpr auto counter = [](tensor<float, 4> x) {
  state<float, 4> sum("sum", x);
  sum = sum + x;
  return sum;
};

constexpr auto begins_somewhere = [](tensor<double, 2> x) {
  state<double, 2> a("a", x, 1.5), b("b", x, parameter<double, 2>("b0"));
  a = b;
  b = x;
  return x;
};

/// Reads before and after the assignment are different values.
constexpr auto before_and_after = [](tensor<float, 4> x) {
  state<float, 4> h("h", x);
  auto const before = h + x;
  h = x;
  return before + h;
};

}  // namespace

TEST_CASE("a state is a node that is read, and the value that the next call finds",
          "[front][state]") {
  constexpr auto checks = [] {
    ir::graph const g = front::trace<counter>();
    ir::state_slot const& s = g.states[0];
    return ir::problem_of(g) == nullptr && g.states.size() == 1 && g.name_of(s.read) == "sum" &&
           ir::is(g[s.read], ir::state_op) && g[s.read].type == ir::f32(4) && s.initial == -1 &&
           s.next == g.outputs[0] && g.input(s.next, 0) == s.read;
  };
  STATIC_REQUIRE(checks());
  REQUIRE(checks());
}

TEST_CASE("a state begins with zeros, a number or a weight", "[front][state]") {
  constexpr auto checks = [] {
    ir::graph const g = front::trace<begins_somewhere>();
    ir::state_slot const &a = g.states[0], &b = g.states[1];
    return ir::problem_of(g) == nullptr && ir::is_splat(g, a.initial) &&
           ir::constant_value(g, a.initial) == 1.5 && ir::is(g[b.initial], ir::parameter_op) &&
           g.name_of(b.initial) == "b0" && a.next == b.read && b.next == g.inputs[0];
  };
  STATIC_REQUIRE(checks());
  REQUIRE(checks());
}

TEST_CASE("behind its assignment a state is what it was assigned", "[front][state]") {
  constexpr auto checks = [] {
    ir::graph const g = front::trace<before_and_after>();
    ir::node_id const sum = g.outputs[0], before = g.input(sum, 0);
    return g.input(before, 0) == g.states[0].read && g.input(sum, 1) == g.inputs[0];
  };
  STATIC_REQUIRE(checks());
  REQUIRE(checks());
}
