#include <etch/plan/kernel_choice.hpp>

#include <string_view>

#include "passes/pass_test.hpp"

namespace {

using namespace etch_test;

/// The kernel of the last node.
constexpr ir::op_key kernel_of_last(ir::graph const& g) {
  return etch::plan::kernel_of(g, g[g.outputs[0]], ir::weight_only(g));
}

template <class Op>
constexpr ir::op_key of_one(ir::tensor_type const& x, ir::attrs_of<Op> const& attributes = {}) {
  net g;
  return kernel_of_last(g.returning(g.add_op<Op>({ir::add_input(g, x)}, attributes)));
}

constexpr ir::op_key of_linear(bool known_weight, bool known_bias) {
  net g;
  auto const w = known_weight ? g.weight("w", 4, 3) : g.input(4, 3);
  auto const b = known_bias ? g.weight("b", 4) : g.input(4);
  return kernel_of_last(g.returning(g.add_op<ops::linear>({g.input(5, 3), w, b})));
}

constexpr ir::op_key of_conv(int outputs, int groups, bool channels_last, bool known = true) {
  net g;
  auto const x = channels_last ? g.input(1, 8, 8, 4) : g.input(1, 4, 8, 8);
  auto const w =
      known ? g.weight("w", outputs, 4 / groups, 3, 3) : g.input(outputs, 4 / groups, 3, 3);
  return kernel_of_last(g.returning(
      g.add_op<ops::conv2d>({x, w}, {.groups = groups, .channels_last = channels_last})));
}

constexpr ir::tensor_type i32(auto... extent) { return {dtype::i32, ir::shape(extent...)}; }
constexpr ir::tensor_type image = f32(1, 8, 8, 4);

}  // namespace

TEST_CASE("products of weights that are known are packed, others are not",
          "[plan][kernel_choice]") {
  STATIC_REQUIRE(of_linear(true, true) == ir::op_key("gemm"));
  STATIC_REQUIRE(of_linear(false, true) == ir::op_key("reference"));
  STATIC_REQUIRE(of_linear(true, false) == ir::op_key("reference"));
}

TEST_CASE("convolutions have a kernel with channels last", "[plan][kernel_choice]") {
  STATIC_REQUIRE(of_conv(8, 1, true) == ir::op_key("conv2d"));
  STATIC_REQUIRE(of_conv(8, 2, true) == ir::op_key("conv2d"));
  STATIC_REQUIRE(of_conv(4, 4, true) == ir::op_key("depthwise"));
  STATIC_REQUIRE(of_conv(8, 4, true) == ir::op_key("conv2d"));  // two outputs for each channel
  STATIC_REQUIRE(of_conv(8, 1, false) == ir::op_key("reference"));
  STATIC_REQUIRE(of_conv(8, 1, true, false) == ir::op_key("reference"));
}

TEST_CASE("pools, norms and reductions have kernels in the form that the passes give",
          "[plan][kernel_choice]") {
  STATIC_REQUIRE(of_one<ops::max_pool2d>(image, {.channels_last = true}) == ir::op_key("pool2d"));
  STATIC_REQUIRE(of_one<ops::max_pool2d>(image) == ir::op_key("reference"));
  STATIC_REQUIRE(of_one<ops::softmax>(f32(2, 8), {.axis = 1}) == ir::op_key("softmax"));
  STATIC_REQUIRE(of_one<ops::softmax>(f32(2, 8), {.axis = 0}) == ir::op_key("reference"));
  STATIC_REQUIRE(of_one<ops::log_softmax>(f32(2, 8), {.axis = 1}) == ir::op_key("softmax"));
  STATIC_REQUIRE(of_one<ops::reduce_sum>(image, {.axes = {1, 2}}) == ir::op_key("reduce"));
  STATIC_REQUIRE(of_one<ops::reduce_sum>(image, {.axes = {1, 3}}) == ir::op_key("reference"));
  STATIC_REQUIRE(of_one<ops::reduce_max>(image, {.axes = {0, 1, 2, 3}}) == ir::op_key("reduce"));
  STATIC_REQUIRE(of_one<ops::reduce_sum>(i32(2, 8), {.axes = {1}}) == ir::op_key("reference"));
}

TEST_CASE("data movement has kernels for every dtype", "[plan][kernel_choice]") {
  STATIC_REQUIRE(of_one<ops::transpose>(i32(2, 8), {.perm = {1, 0}}) == ir::op_key("copy"));
  STATIC_REQUIRE(of_one<ops::concat>(i32(2, 8)) == ir::op_key("copy"));
  STATIC_REQUIRE(of_one<ops::cast>(i32(2, 8)) == ir::op_key("cast"));
  STATIC_REQUIRE(of_one<ops::slice>(i32(8), {.starts = {1}, .sizes = {2}, .steps = {3}}) ==
                 ir::op_key("copy"));
  constexpr auto of_gather = [](int axis) {
    net g;
    return kernel_of_last(g.returning(
        g.add_op<ops::gather>({g.input(9, 4), ir::add_input(g, i32(3))}, {.axis = axis})));
  };
  STATIC_REQUIRE(of_gather(0) == ir::op_key("gather"));
  STATIC_REQUIRE(of_gather(1) == ir::op_key("reference"));
}

TEST_CASE("an elementwise node that no pass has fused is a plain loop", "[plan][kernel_choice]") {
  REQUIRE(of_one<ops::relu>(f32(2, 8)).view() == "reference");
}
