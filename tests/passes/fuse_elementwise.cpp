#include <etch/passes/fuse_elementwise.hpp>

#include "pass_test.hpp"

namespace {

using namespace etch_test;
using passes::fuse_elementwise;

constexpr int steps(ir::graph const& g) {
  int n = 0;
  for (ir::node const& each : g.nodes) n += !ir::is_leaf(each);
  return n;
}
constexpr int steps_after(ir::graph const& before) {
  return steps(after<fuse_elementwise>(before));
}

constexpr ir::graph chain() {
  net g;
  auto const x = g.input(2, 6), w = g.weight("w", 6);
  auto const y = g.add_op<ops::mul>({g.add_op<ops::add>({x, w}), g.number(2)});
  return g.returning(g.add_op<ops::clamp>({y}, {.low = -1, .high = 1}));
}

/// x * sigmoid(x): the value in the middle is read twice, both times inside.
constexpr ir::graph diamond() {
  net g;
  auto const x = g.add_op<ops::neg>({g.input(2, 6)});
  return g.returning(g.add_op<ops::mul>({x, g.add_op<ops::sigmoid>({x})}));
}

constexpr ir::graph read_outside() {
  net g;
  auto const x = g.input(2, 6);
  auto const y = g.add_op<ops::relu>({x});
  auto const row = g.add_op<ops::softmax>({y}, {.axis = 1});
  return g.returning(g.add_op<ops::exp>({y}), row);
}

constexpr ir::graph several_outputs() {
  net g;
  auto const y = g.add_op<ops::relu>({g.input(2, 6)});
  return g.returning(y, g.add_op<ops::exp>({y}));
}

constexpr ir::graph widening() {
  net g;
  auto const y = g.add_op<ops::relu>({g.input(1, 6)});
  return g.returning(g.add_op<ops::add>({y, g.input(4, 6)}));
}

constexpr ir::graph selection() {
  net g;
  auto const x = g.input(2, 6);
  auto const below = g.add_op<ops::less>({x, g.number(0)});
  return g.returning(g.add_op<ops::where>({below, g.number(0.5), x}));
}

/// Comparisons compute on float, what follows on bool: two steps.
constexpr ir::graph logic() {
  net g;
  auto const x = g.input(2, 6);
  auto const a = g.add_op<ops::less>({x, g.number(1)});
  auto const b = g.add_op<ops::less>({g.number(-1), x});
  return g.returning(g.add_op<ops::logical_and>({a, b}));
}

constexpr ir::graph converting() {
  net g;
  auto const x = g.add_op<ops::relu>({g.input(2, 6)});
  auto const y = g.add_op<ops::cast>({x}, {.to = static_cast<int>(dtype::i32)});
  return g.returning(g.add_op<ops::neg>({y}));
}

/// Numbers chosen by a mask alone: what the step computes in, no operand says.
constexpr ir::graph numbers_by_mask() {
  net g;
  auto const mask = ir::add_input(g, {dtype::bool_, ir::shape(2, 6)});
  auto const chosen = g.add_op<ops::where>({mask, g.number(1.5), g.number(-0.25)});
  return g.returning(g.add_op<ops::mul>({chosen, g.number(0.5)}));
}

constexpr ir::graph many_sums(int sums) {
  net g;
  auto y = g.input(2, 6);
  for (int i = 0; i < sums; ++i) y = g.add_op<ops::add>({y, g.input(2, 6)});
  return g.returning(y);
}

constexpr ir::graph many_steps(int length) {
  net g;
  auto y = g.input(2, 6);
  for (int i = 0; i < length; ++i) y = g.add_op<ops::tanh>({y});
  return g.returning(y);
}

constexpr ir::graph of_weights() {
  net g;
  auto const w = g.add_op<ops::exp>({g.add_op<ops::neg>({g.weight("w", 6)})});
  return g.returning(g.add_op<ops::mul>({g.input(2, 6), w}));
}

/// Two heads on one value: neither can take it.
constexpr ir::graph two_heads() {
  net g;
  auto const x = g.add_op<ops::relu>({g.input(2, 6)});
  auto const a = g.add_op<ops::exp>({x}), b = g.add_op<ops::neg>({x});
  return g.returning(g.add_op<ops::softmax>({a}, {.axis = 1}),
                     g.add_op<ops::softmax>({b}, {.axis = 1}));
}

/// A group may not enclose what reads one of its values and is read by another.
constexpr ir::graph around_a_softmax() {
  net g;
  auto const x = g.add_op<ops::relu>({g.input(2, 6)});
  auto const p = g.add_op<ops::softmax>({x}, {.axis = 1});
  return g.returning(g.add_op<ops::mul>({g.add_op<ops::neg>({x}), p}));
}

}  // namespace

TEST_CASE("fuse_elementwise makes a chain one step", "[passes][fuse_elementwise]") {
  STATIC_REQUIRE(steps_after(chain()) == 1);
  REQUIRE(text_after<fuse_elementwise>(chain()) == R"((%0 : f32[2,6]) {
  %1 = parameter 'w' : f32[6]
  %2 = fused(%0, %1) : f32[2,6] {
    (%0, %1)
    %2 = add(%0, %1) : f32[2,6]
    %3 = constant(2) : f32[]
    %4 = mul(%2, %3) : f32[2,6]
    %5 = clamp(%4, -1, 1) : f32[2,6]
    return %5
  }
  return %2
}
)");
  require_sound<fuse_elementwise>(chain());
}

TEST_CASE("fuse_elementwise takes a value that is read twice inside",
          "[passes][fuse_elementwise]") {
  STATIC_REQUIRE(steps_after(diamond()) == 1);
  REQUIRE(text_after<fuse_elementwise>(diamond()) == R"((%0 : f32[2,6]) {
  %1 = fused(%0) : f32[2,6] {
    (%0)
    %1 = neg(%0) : f32[2,6]
    %2 = sigmoid(%1) : f32[2,6]
    %3 = mul(%1, %2) : f32[2,6]
    return %3
  }
  return %1
}
)");
  require_sound<fuse_elementwise>(diamond());
}

TEST_CASE("fuse_elementwise stores what others read", "[passes][fuse_elementwise]") {
  STATIC_REQUIRE(steps_after(read_outside()) == 3);
  STATIC_REQUIRE(steps_after(several_outputs()) == 2);
  STATIC_REQUIRE(steps_after(two_heads()) == 5);
  STATIC_REQUIRE(steps_after(around_a_softmax()) == 3);
  require_sound<fuse_elementwise>(read_outside());
  require_sound<fuse_elementwise>(several_outputs());
  require_sound<fuse_elementwise>(two_heads());
  require_sound<fuse_elementwise>(around_a_softmax());
}

TEST_CASE("fuse_elementwise does not compute a small value again for each row",
          "[passes][fuse_elementwise]") {
  STATIC_REQUIRE(steps_after(widening()) == 2);
  require_sound<fuse_elementwise>(widening());
}

TEST_CASE("fuse_elementwise keeps one dtype of computation in a step",
          "[passes][fuse_elementwise]") {
  STATIC_REQUIRE(steps_after(selection()) == 1);
  STATIC_REQUIRE(steps_after(logic()) == 3);
  STATIC_REQUIRE(steps_after(converting()) == 3);
  require_sound<fuse_elementwise>(selection());
  require_sound<fuse_elementwise>(logic());
  require_sound<fuse_elementwise>(converting());
}

TEST_CASE("the operands of a fused step say what it computes in", "[passes][fuse_elementwise]") {
  constexpr auto computes_in_float = [] {
    ir::graph const now = after<fuse_elementwise>(numbers_by_mask());
    ir::operand_type_list const types(now, now[now.outputs[0]]);
    return steps(now) == 1 && ir::compute_dtype(types) == dtype::f32;
  };
  STATIC_REQUIRE(computes_in_float());
  REQUIRE(computes_in_float());
  require_sound<fuse_elementwise>(numbers_by_mask());
}

TEST_CASE("fuse_elementwise takes as many operands and nodes as it says",
          "[passes][fuse_elementwise]") {
  constexpr int operands = fuse_elementwise::most_operands, nodes = fuse_elementwise::most_nodes;
  STATIC_REQUIRE(steps_after(many_sums(operands - 1)) == 1);
  STATIC_REQUIRE(steps_after(many_sums(operands)) == 2);
  STATIC_REQUIRE(steps_after(many_steps(nodes)) == 1);
  STATIC_REQUIRE(steps_after(many_steps(nodes + 1)) == 2);
  require_sound<fuse_elementwise>(many_sums(2 * operands));
  require_sound<fuse_elementwise>(many_steps(2 * nodes + 1));
}

TEST_CASE("fuse_elementwise leaves what is computed at load", "[passes][fuse_elementwise]") {
  STATIC_REQUIRE(count<ops::exp>(after<fuse_elementwise>(of_weights())) == 1);
  STATIC_REQUIRE(steps_after(of_weights()) == 3);
  require_sound<fuse_elementwise>(of_weights());
}
