#include <etch/passes/fuse_epilogue.hpp>

#include "pass_test.hpp"

namespace {

using namespace etch_test;
using passes::fuse_epilogue;

/// The operators of a node's region in order, without its operands and numbers.
std::string epilogue_of(ir::graph const& g, ir::node_id id) {
  std::string text;
  if (g[id].region < 0) return text;
  for (ir::node const& n : g.region_of(g[id]).nodes) {
    if (!ir::is_leaf(n)) text += (text.empty() ? "" : " ") + std::string(n.op->key.view());
  }
  return text;
}

constexpr int regions(ir::graph const& g) {
  int n = 0;
  for (ir::node const& each : g.nodes) n += each.region >= 0;
  return n;
}

/// All but parameters, inputs and literals.
constexpr int steps(ir::graph const& g) {
  int n = 0;
  for (ir::node const& each : g.nodes) n += !ir::is_leaf(each);
  return n;
}

constexpr bool is_one_step(ir::graph const& before) {
  ir::graph const now = after<fuse_epilogue>(before);
  return steps(now) == 1 && regions(now) == 1;
}

constexpr ir::node_id linear(net& g, ir::node_id x, std::string_view name = "w") {
  auto const width = g[x].type.shape[g[x].type.rank() - 1];
  return g.add_op<ops::linear>({x, g.weight(name, 4, width)});
}

constexpr ir::graph activation() {
  net g;
  auto const y = linear(g, g.input(5, 3));
  return g.returning(g.add_op<ops::clamp>({g.add_op<ops::relu>({y})}, {.low = 0, .high = 6}));
}

constexpr ir::graph residual() {
  net g;
  auto const x = g.input(5, 4);
  auto const y = g.add_op<ops::relu>({linear(g, x)});
  auto const z = g.add_op<ops::mul>({g.add_op<ops::add>({x, y}), g.weight("s", 4)});
  return g.returning(g.add_op<ops::sub>({z, g.weight("rows", 5, 1)}));
}

constexpr ir::graph with_mask() {
  net g;
  auto const mask = ir::add_input(g, {dtype::bool_, ir::shape(5, 4)});
  auto const y = linear(g, g.input(5, 3));
  return g.returning(g.add_op<ops::where>({mask, y, g.number(-1)}));
}

constexpr ir::graph read_twice() {
  net g;
  auto const y = linear(g, g.input(5, 3));
  return g.returning(g.add_op<ops::mul>({y, g.add_op<ops::sigmoid>({y})}));
}

constexpr ir::graph read_as_output() {
  net g;
  auto const y = linear(g, g.input(5, 3));
  return g.returning(g.add_op<ops::relu>({y}), y);
}

constexpr ir::graph widened() {
  net g;
  auto const y = linear(g, g.input(1, 3));
  return g.returning(g.add_op<ops::add>({y, g.input(5, 4)}));
}

constexpr ir::graph changed_dtype() {
  net g;
  auto const y = linear(g, g.input(5, 3));
  return g.returning(g.add_op<ops::less>({y, g.number(0)}));
}

/// A sum over an axis in the middle: the result as [2][4], an operand that has part of the columns.
constexpr ir::graph out_of_reach() {
  net g;
  auto const y = g.add_op<ops::reduce_sum>({g.input(2, 3, 2, 2)}, {.axes = {1}});
  return g.returning(g.add_op<ops::add>({y, g.weight("part", 2, 2, 1)}));
}

constexpr ir::graph within_reach() {
  net g;
  auto const y = g.add_op<ops::reduce_sum>({g.input(2, 3, 2, 2)}, {.axes = {1}});
  auto const z = g.add_op<ops::add>({y, g.weight("row", 2, 1, 1)});
  return g.returning(g.add_op<ops::mul>({z, g.weight("column", 2, 2)}));
}

constexpr ir::graph two_chains() {
  net g;
  auto const x = g.input(5, 3);
  auto const a = g.add_op<ops::relu>({linear(g, x, "a")});
  auto const b = g.add_op<ops::tanh>({linear(g, x, "b")});
  return g.returning(g.add_op<ops::mul>({a, b}));
}

constexpr ir::graph long_chain(int sums) {
  net g;
  auto y = linear(g, g.input(5, 3));
  for (int i = 0; i < sums; ++i) y = g.add_op<ops::add>({y, g.input(5, 4)});
  return g.returning(y);
}

constexpr ir::graph by_run_time_weight() {
  net g;
  auto const y = g.add_op<ops::linear>({g.input(3), g.input(4, 3)});
  return g.returning(g.add_op<ops::relu>({y}));
}

constexpr ir::graph first_channels() {
  net g;
  auto const y = g.add_op<ops::conv2d>({g.input(1, 3, 4, 4), g.weight("w", 2, 3, 3, 3)});
  return g.returning(g.add_op<ops::relu>({y}));
}

/// Every kernel that runs an epilogue.
template <class Op>
constexpr ir::graph behind(ir::attrs_of<Op> const& attributes) {
  net g;
  auto const y = g.add_op<Op>({g.input(2, 6, 5, 4)}, attributes);
  return g.returning(g.add_op<ops::relu>({y}));
}
constexpr ir::graph behind_a_matmul() {
  net g;
  return g.returning(g.add_op<ops::relu>({g.add_op<ops::matmul>({g.input(5, 3), g.input(3, 2)})}));
}
constexpr ir::graph behind_a_conv() {
  net g;
  auto const y = g.add_op<ops::conv2d>(
      {g.input(1, 4, 4, 3), g.weight("w", 2, 3, 3, 3), g.weight("b", 2)}, {.channels_last = true});
  return g.returning(g.add_op<ops::add>({y, g.weight("s", 2)}));
}
constexpr ir::graph behind_a_layer_norm() {
  net g;
  auto const y = g.add_op<ops::layer_norm>(
      {g.input(2, 3, 4), g.weight("g", 3, 4), g.weight("b", 3, 4)}, {.axes = 2});
  return g.returning(g.add_op<ops::mul>({y, g.weight("s", 2, 1, 1)}));
}

}  // namespace

TEST_CASE("fuse_epilogue takes activations into the step before", "[passes][fuse_epilogue]") {
  STATIC_REQUIRE(is_one_step(activation()));
  REQUIRE(text_after<fuse_epilogue>(activation()) == R"((%0 : f32[5,3]) {
  %1 = parameter 'w' : f32[4,3]
  %2 = linear(%0, %1, false) : f32[5,4] {
    (%0)
    %1 = relu(%0) : f32[5,4]
    %2 = clamp(%1, 0, 6) : f32[5,4]
    return %2
  }
  return %2
}
)");
  require_sound<fuse_epilogue>(activation());
}

TEST_CASE("fuse_epilogue takes residual sums, scales and shifts by row or column",
          "[passes][fuse_epilogue]") {
  STATIC_REQUIRE(is_one_step(residual()));
  REQUIRE(text_after<fuse_epilogue>(residual()) == R"((%0 : f32[5,4]) {
  %1 = parameter 'w' : f32[4,4]
  %2 = parameter 's' : f32[4]
  %3 = parameter 'rows' : f32[5,1]
  %4 = linear(%0, %1, %0, %2, %3, false) : f32[5,4] {
    (%0, %2, %4, %6)
    %1 = relu(%0) : f32[5,4]
    %3 = add(%2, %1) : f32[5,4]
    %5 = mul(%3, %4) : f32[5,4]
    %7 = sub(%5, %6) : f32[5,4]
    return %7
  }
  return %4
}
)");
  require_sound<fuse_epilogue>(residual());
}

TEST_CASE("fuse_epilogue takes selections by a mask", "[passes][fuse_epilogue]") {
  STATIC_REQUIRE(is_one_step(with_mask()));
  require_sound<fuse_epilogue>(with_mask());
}

TEST_CASE("fuse_epilogue works behind every kernel that hands out rows",
          "[passes][fuse_epilogue]") {
  STATIC_REQUIRE(is_one_step(behind_a_matmul()));
  STATIC_REQUIRE(is_one_step(behind_a_conv()));
  STATIC_REQUIRE(is_one_step(behind_a_layer_norm()));
  STATIC_REQUIRE(is_one_step(behind<ops::max_pool2d>({.channels_last = true})));
  STATIC_REQUIRE(is_one_step(behind<ops::avg_pool2d>({.channels_last = true})));
  STATIC_REQUIRE(is_one_step(behind<ops::softmax>({.axis = 3})));
  STATIC_REQUIRE(is_one_step(behind<ops::log_softmax>({.axis = 3})));
  STATIC_REQUIRE(is_one_step(behind<ops::reduce_sum>({.axes = {3}})));
  STATIC_REQUIRE(is_one_step(behind<ops::reduce_mean>({.axes = {1, 2}})));
  STATIC_REQUIRE(is_one_step(behind<ops::reduce_max>({.axes = {0}, .keepdims = true})));
  STATIC_REQUIRE(is_one_step(behind<ops::reduce_min>({.axes = {0, 1, 2, 3}, .keepdims = true})));
  STATIC_REQUIRE(is_one_step(behind<ops::reduce_prod>({.axes = {2, 3}})));
  require_sound<fuse_epilogue>(behind_a_matmul());
  require_sound<fuse_epilogue>(behind_a_conv());
  require_sound<fuse_epilogue>(behind_a_layer_norm());
  require_sound<fuse_epilogue>(behind<ops::softmax>({.axis = 3}));
  require_sound<fuse_epilogue>(behind<ops::reduce_mean>({.axes = {1, 2}}));
}

TEST_CASE("fuse_epilogue leaves steps without a kernel that could run one",
          "[passes][fuse_epilogue]") {
  STATIC_REQUIRE(regions(after<fuse_epilogue>(first_channels())) == 0);
  STATIC_REQUIRE(regions(after<fuse_epilogue>(by_run_time_weight())) == 0);
  STATIC_REQUIRE_FALSE(is_one_step(behind<ops::softmax>({.axis = 1})));
  STATIC_REQUIRE_FALSE(is_one_step(behind<ops::max_pool2d>({})));
  STATIC_REQUIRE_FALSE(is_one_step(behind<ops::reduce_sum>({.axes = {0, 2}})));
  require_unchanged<fuse_epilogue>(first_channels());
  require_unchanged<fuse_epilogue>(by_run_time_weight());
}

TEST_CASE("fuse_epilogue leaves a value that is read twice or is an output",
          "[passes][fuse_epilogue]") {
  STATIC_REQUIRE(regions(after<fuse_epilogue>(read_twice())) == 0);
  STATIC_REQUIRE(regions(after<fuse_epilogue>(read_as_output())) == 0);
  require_unchanged<fuse_epilogue>(read_twice());
  require_unchanged<fuse_epilogue>(read_as_output());
}

TEST_CASE("fuse_epilogue leaves work of another shape or dtype", "[passes][fuse_epilogue]") {
  STATIC_REQUIRE(regions(after<fuse_epilogue>(widened())) == 0);
  STATIC_REQUIRE(regions(after<fuse_epilogue>(changed_dtype())) == 0);
  require_unchanged<fuse_epilogue>(widened());
  require_unchanged<fuse_epilogue>(changed_dtype());
}

TEST_CASE("fuse_epilogue leaves operands that no row and column address",
          "[passes][fuse_epilogue]") {
  STATIC_REQUIRE(regions(after<fuse_epilogue>(out_of_reach())) == 0);
  STATIC_REQUIRE(is_one_step(within_reach()));
  require_unchanged<fuse_epilogue>(out_of_reach());
  require_sound<fuse_epilogue>(within_reach());
}

TEST_CASE("fuse_epilogue joins two chains in the later one", "[passes][fuse_epilogue]") {
  STATIC_REQUIRE(steps(after<fuse_epilogue>(two_chains())) == 2);
  ir::graph const now = after<fuse_epilogue>(two_chains());
  REQUIRE(epilogue_of(now, now.outputs[0]) == "tanh mul");
  require_sound<fuse_epilogue>(two_chains());
}

TEST_CASE("fuse_epilogue takes as many operands as it says", "[passes][fuse_epilogue]") {
  constexpr int most = static_cast<int>(fuse_epilogue::most_operands);
  STATIC_REQUIRE(steps(after<fuse_epilogue>(long_chain(most))) == 1);
  STATIC_REQUIRE(steps(after<fuse_epilogue>(long_chain(most + 2))) == 3);
  require_sound<fuse_epilogue>(long_chain(most + 2));
}
