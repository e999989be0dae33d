#include <etch/passes/across_lanes.hpp>

#include <etch/passes/fuse_elementwise.hpp>
#include <etch/passes/fuse_epilogue.hpp>

#include "pass_test.hpp"

namespace {

using namespace etch_test;
using passes::across_lanes;

constexpr ir::graph fused(ir::graph const& g) {
  return passes::dead_code{}(passes::fuse_elementwise{}(passes::fuse_epilogue{}(g)));
}

/// A product with an epilogue, its parts, and what is done with them.
constexpr ir::graph cell() {
  net g;
  auto const x = g.input(1, 3), h = g.input(1, 4);
  auto const y = g.add_op<ops::linear>({x, g.weight("w", 4, 3), g.weight("b", 4)});
  auto const both = g.add_op<ops::add>({y, h});
  auto const part =
      g.add_op<ops::slice>({both}, {.starts = {0, 2}, .sizes = {1, 2}, .steps = {1, 1}});
  return fused(g.returning(g.add_op<ops::mul>({g.add_op<ops::tanh>({part}), g.number(2)})));
}

constexpr ir::graph moved() {
  net g;
  auto const x = g.input(2, 3);
  auto const turned = g.add_op<ops::transpose>({x}, {.perm = {1, 0}});
  auto const padded = g.add_op<ops::pad>({turned}, {.before = {0, 1}, .after = {2, 0}});
  auto const line = g.add_op<ops::reshape>({padded}, {.shape = {15}});
  return g.returning(g.add_op<ops::concat>({line, g.input(4)}, {.axis = 0}));
}

/// The epilogue's operand is one for several rows of the product.
constexpr ir::graph shared_by_rows() {
  net g;
  auto const y = g.add_op<ops::linear>({g.input(5, 3), g.weight("w", 4, 3)});
  return fused(g.returning(g.add_op<ops::add>({y, g.input(4)})));
}
constexpr ir::graph moved_weight() {
  net g;
  return g.returning(g.add_op<ops::concat>({g.input(5), g.weight("w", 3)}, {.axis = 0}));
}
/// Weights of an epilogue and of a fused step.
constexpr ir::graph with_weights() {
  net g;
  auto const y = g.add_op<ops::linear>({g.input(1, 3), g.weight("w", 4, 3)});
  auto const scaled = g.add_op<ops::mul>({y, g.weight("scale", 4)});
  auto const part =
      g.add_op<ops::slice>({scaled}, {.starts = {0, 2}, .sizes = {1, 2}, .steps = {1, 1}});
  return fused(g.returning(g.add_op<ops::add>({part, g.weight("offset", 1)})));
}
constexpr ir::graph returned_weight() {
  net g;
  return g.returning(g.input(3), g.weight("w", 3));
}
constexpr ir::graph softmax() {
  net g;
  return g.returning(g.add_op<ops::softmax>({g.input(5, 3)}, {.axis = 1}));
}
constexpr ir::graph product_of_inputs() {
  net g;
  return g.returning(g.add_op<ops::matmul>({g.input(5, 3), g.input(3, 2)}));
}

}  // namespace

TEST_CASE("across_lanes gives every value of a call one more axis", "[passes][across_lanes]") {
  REQUIRE(ir::to_text(across_lanes(cell(), 16)().graph) ==
          R"((%0 : f32[1,3,16], %1 : f32[1,4,16]) {
  %2 = parameter 'w' : f32[4,3]
  %3 = parameter 'b' : f32[4]
  %4 = lane_linear(%0, %2, %3, %1, false) : f32[1,4,16] {
    (%0, %1)
    %2 = add(%0, %1) : f32[1,4,16]
    return %2
  }
  %5 = slice(%4, {0,2,0}, {1,2,16}, {1,1,1}) : f32[1,2,16]
  %6 = fused(%5) : f32[1,2,16] {
    (%0)
    %1 = tanh(%0) : f32[1,2,16]
    %2 = constant(2) : f32[]
    %3 = mul(%1, %2) : f32[1,2,16]
    return %3
  }
  return %6
}
)");
  REQUIRE(ir::to_text(across_lanes(moved(), 8)().graph) == R"((%0 : f32[2,3,8], %4 : f32[4,8]) {
  %1 = transpose(%0, {1,0,2}) : f32[3,2,8]
  %2 = pad(%1, {0,1,0}, {2,0,0}, 0) : f32[5,3,8]
  %3 = reshape(%2, {15,8}) : f32[15,8]
  %5 = concat(%3, %4, 0) : f32[19,8]
  return %5
}
)");
}

TEST_CASE("across_lanes gives weights of elementwise operators an axis of one",
          "[passes][across_lanes]") {
  REQUIRE(ir::to_text(across_lanes(with_weights(), 16)().graph) == R"((%0 : f32[1,3,16]) {
  %1 = parameter 'w' : f32[4,3]
  %2 = parameter 'scale' : f32[4]
  %3 = lane_weight(%2) : f32[4,1]
  %4 = lane_linear(%0, %1, %3, false) : f32[1,4,16] {
    (%0, %1)
    %2 = mul(%0, %1) : f32[1,4,16]
    return %2
  }
  %5 = slice(%4, {0,2,0}, {1,2,16}, {1,1,1}) : f32[1,2,16]
  %6 = parameter 'offset' : f32[1]
  %7 = lane_weight(%6) : f32[1,1]
  %8 = fused(%5, %7) : f32[1,2,16] {
    (%0, %1)
    %2 = add(%0, %1) : f32[1,2,16]
    return %2
  }
  return %8
}
)");
}

TEST_CASE("across_lanes names what has no form for many instances", "[passes][across_lanes]") {
  STATIC_REQUIRE(across_lanes(cell(), 16)().refused == ir::op_key(""));
  STATIC_REQUIRE(across_lanes(shared_by_rows(), 16)().refused == ir::op_key("linear"));
  STATIC_REQUIRE(across_lanes(moved_weight(), 16)().refused == ir::op_key("concat"));
  STATIC_REQUIRE(across_lanes(returned_weight(), 16)().refused == ir::op_key("parameter"));
  STATIC_REQUIRE(across_lanes(softmax(), 16)().refused == ir::op_key("softmax"));
  STATIC_REQUIRE(across_lanes(product_of_inputs(), 16)().refused == ir::op_key("matmul"));
}

TEST_CASE("across_lanes keeps states by number, and what they begin with",
          "[passes][across_lanes]") {
  net g;
  auto const number =
      static_cast<std::size_t>(ir::add_state(g, f32(1, 4), "h", g.weight("h0", 1, 4)));
  g.states[number].next = g.add_op<ops::reshape>({g.states[number].read}, {.shape = {1, 4}});
  ir::graph const one = g.returning(g.states[number].read);
  ir::graph const wide = across_lanes(one, 16)().graph;
  REQUIRE(wide.states.size() == 1);
  REQUIRE(wide[wide.states[0].read].type == f32(1, 4, 16));
  REQUIRE(wide[wide.states[0].next].type == f32(1, 4, 16));
  REQUIRE(wide[wide.states[0].initial].type == f32(1, 4));
}
