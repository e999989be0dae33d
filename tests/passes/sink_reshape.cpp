#include <etch/passes/sink_reshape.hpp>

#include "pass_test.hpp"

namespace {

using namespace etch_test;
using passes::sink_reshape;

ir::node_id constexpr reshaped(net& g, ir::node_id x, etch::core::ints<6> const& to) {
  return g.add_op<ops::reshape>({x}, {.shape = to});
}

/// What a convolution of a signal leaves, and what is done with it.
constexpr ir::graph activation() {
  net g;
  auto const image = g.add_op<ops::neg>({g.input(1, 1, 8, 4)});
  auto const rows = reshaped(g, image, {8, 4});
  auto const y = g.add_op<ops::tanh>({g.add_op<ops::add>({rows, g.input(8, 1)})});
  return g.returning(y);
}

/// The other operand has more axes than the rows.
constexpr ir::graph batch() {
  net g;
  auto const image = g.add_op<ops::neg>({g.input(1, 8, 4)});
  auto const y = g.add_op<ops::add>({reshaped(g, image, {8, 4}), g.input(3, 8, 4)});
  return g.returning(y);
}

/// A reshape that does more than to drop ones, one that adds them, and one of an input.
constexpr ir::graph others() {
  net g;
  auto const a = reshaped(g, g.add_op<ops::neg>({g.input(1, 8, 4)}), {4, 8});
  auto const b = reshaped(g, g.add_op<ops::neg>({g.input(4, 8)}), {1, 4, 8});
  auto const c = reshaped(g, g.input(1, 4, 8), {4, 8});
  return g.returning(g.add_op<ops::add>({g.add_op<ops::add>({a, b}), c}));
}

constexpr ir::graph of_weights() {
  net g;
  auto const w = reshaped(g, g.add_op<ops::neg>({g.weight("w", 1, 8, 4)}), {8, 4});
  return g.returning(g.add_op<ops::add>({g.input(8, 4), g.add_op<ops::tanh>({w})}));
}

}  // namespace

TEST_CASE("sink_reshape moves dropped ones behind elementwise operators",
          "[passes][sink_reshape]") {
  REQUIRE(text_after<sink_reshape>(activation()) == R"((%0 : f32[1,1,8,4], %2 : f32[8,1]) {
  %1 = neg(%0) : f32[1,1,8,4]
  %3 = add(%1, %2) : f32[1,1,8,4]
  %4 = tanh(%3) : f32[1,1,8,4]
  %5 = reshape(%4, {8,4}) : f32[8,4]
  return %5
}
)");
  require_sound<sink_reshape>(activation());
  require_sound<sink_reshape>(batch());
}

TEST_CASE("sink_reshape leaves other reshapes", "[passes][sink_reshape]") {
  require_unchanged<sink_reshape>(others());
  require_unchanged<sink_reshape>(of_weights());
}
