#include <etch/plan/kernel_choice.hpp>

#include <string_view>

#include <etch/passes/fuse_epilogue.hpp>

#include "passes/pass_test.hpp"

namespace {

using namespace etch_test;

/// The kernel of the last node.
constexpr ir::op_key kernel_of_last(ir::graph const& g,
                                    etch::numerics precision = etch::numerics::strict) {
  return etch::plan::kernel_of(g, g[g.outputs[0]], ir::weight_only(g), precision);
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

/// Without a bias, the third operand being the epilogue's.
constexpr ir::op_key of_linear_and_sum() {
  net g;
  auto const y = g.add_op<ops::linear>({g.input(5, 3), g.weight("w", 4, 3)});
  auto const sum = g.returning(g.add_op<ops::add>({y, g.input(5, 4)}));
  return kernel_of_last(passes::fuse_epilogue{}(sum));
}

constexpr ir::op_key of_conv(int outputs, int groups, bool channels_last, bool known = true) {
  net g;
  auto const x = channels_last ? g.input(1, 8, 8, 4) : g.input(1, 4, 8, 8);
  auto const w =
      known ? g.weight("w", outputs, 4 / groups, 3, 3) : g.input(outputs, 4 / groups, 3, 3);
  return kernel_of_last(g.returning(
      g.add_op<ops::conv2d>({x, w}, {.groups = groups, .channels_last = channels_last})));
}

/// A convolution of an image of size x size pixels and as many inputs as outputs.
constexpr ir::op_key of_fast_conv(int size, int channels, ops::conv2d::attrs how,
                                  etch::numerics precision = etch::numerics::fast) {
  net g;
  how.channels_last = true;
  int const kernel = how.pad_top * 2 + 1;
  auto const w = g.weight("w", channels, channels / how.groups, kernel, kernel);
  return kernel_of_last(
      g.returning(g.add_op<ops::conv2d>({g.input(1, size, size, channels), w}, how)), precision);
}

constexpr ops::conv2d::attrs same{.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1};

template <class Change>
constexpr ir::op_key of_fast_conv(Change const& change) {
  ops::conv2d::attrs how = same;
  change(how);
  return of_fast_conv(32, 32, how);
}

constexpr ir::tensor_type i32(auto... extent) { return {dtype::i32, ir::shape(extent...)}; }
constexpr ir::tensor_type image = f32(1, 8, 8, 4);

}  // namespace

TEST_CASE("products of weights that are known are packed, others are not",
          "[plan][kernel_choice]") {
  STATIC_REQUIRE(of_linear_and_sum() == ir::op_key("gemm"));
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

TEST_CASE("fast numerics take Winograd's algorithm where it pays", "[plan][kernel_choice]") {
  STATIC_REQUIRE(of_fast_conv(56, 64, same) == ir::op_key("winograd"));
  STATIC_REQUIRE(of_fast_conv(56, 64, same, etch::numerics::strict) == ir::op_key("conv2d"));
  STATIC_REQUIRE(of_fast_conv(7, 512, same) == ir::op_key("conv2d"));  // the weights would stream
  STATIC_REQUIRE(of_fast_conv(56, 64, {}) == ir::op_key("conv2d"));    // 1 x 1
  STATIC_REQUIRE(of_fast_conv([](auto&) {}) == ir::op_key("winograd"));
  STATIC_REQUIRE(of_fast_conv([](auto& how) { how.stride_w = 2; }) == ir::op_key("conv2d"));
  STATIC_REQUIRE(of_fast_conv([](auto& how) { how.dilation_h = 2; }) == ir::op_key("conv2d"));
  STATIC_REQUIRE(of_fast_conv([](auto& how) { how.groups = 2; }) == ir::op_key("conv2d"));
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
