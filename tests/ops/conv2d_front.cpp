#include <etch/ir/verify.hpp>
#include <etch/ops/depthwise_conv2d.hpp>
#include <etch/ops/hwio.hpp>

#include "catch.hpp"

namespace {

using namespace etch;

template <conv Config, class X, int Outputs = 6>
using convolved = decltype(conv2d<Outputs, Config>("c", std::declval<X>()));

using image = tensor<float, 2, 4, 9, 12>;
using image_last = tensor<float, 2, 9, 12, 4>;

template <class A, class B>
inline constexpr bool is = std::is_same_v<A, B>;

ops::conv2d::attrs attrs_of_last(front::recorder const& r) {
  return r.graph.attrs_of<ops::conv2d::attrs>(r.graph.size() - 1);
}

}  // namespace

TEST_CASE("conv2d computes the shape of its result", "[ops][conv2d]") {
  STATIC_REQUIRE(is<convolved<conv{.kernel = 3}, image>, tensor<float, 2, 6, 7, 10>>);
  STATIC_REQUIRE(
      is<convolved<conv{.kernel = {1, 3}, .stride = 2}, image>, tensor<float, 2, 6, 5, 5>>);
  STATIC_REQUIRE(
      is<convolved<conv{.kernel = 3, .stride = {2, 3}, .padding = 1, .dilation = 2}, image>,
         tensor<float, 2, 6, 4, 4>>);
  STATIC_REQUIRE(is<convolved<conv{.kernel = 3, .padding = {0, 1}}, image>,  //
                    tensor<float, 2, 6, 7, 12>>);
  STATIC_REQUIRE(is<convolved<conv{.kernel = 3, .padding = {1, 2, 3, 4}}, image>,
                    tensor<float, 2, 6, 11, 16>>);
  STATIC_REQUIRE(is<convolved<conv{.kernel = 4, .stride = 2, .padding = same}, image>,
                    tensor<float, 2, 6, 5, 6>>);
  STATIC_REQUIRE(is<convolved<conv{.kernel = 4, .stride = 2, .padding = valid}, image>,
                    tensor<float, 2, 6, 3, 5>>);
  STATIC_REQUIRE(
      is<convolved<conv{.kernel = 3, .layout = nhwc}, image_last>, tensor<float, 2, 7, 10, 6>>);
  STATIC_REQUIRE(is<convolved<conv{.kernel = 3}, tensor<double, 1, 1, 3, 3>>,  //
                    tensor<double, 1, 6, 1, 1>>);
}

TEST_CASE("conv2d names its parameters as PyTorch does", "[ops][conv2d]") {
  front::recorder r;
  image const x(r, ir::add_input(r.graph, image::type));
  conv2d<6, conv{.kernel = {3, 5}, .groups = 2}>("conv1", x);
  REQUIRE(r.graph.name_of(1) == "conv1.weight");
  REQUIRE(r.graph[1].type == ir::f32(6, 2, 3, 5));
  REQUIRE(r.graph.name_of(2) == "conv1.bias");
  REQUIRE(r.graph[2].type == ir::f32(6));
  auto const y = conv2d<6, conv{.kernel = 3, .bias = false}>("conv2", x);
  REQUIRE(r.graph.size() == 6);
  REQUIRE(r.graph[y.id()].inputs.count == 2);
}

TEST_CASE("same padding in a node is four numbers, the odd one after the image", "[ops][conv2d]") {
  front::recorder r;
  image const x(r, ir::add_input(r.graph, image::type));
  conv2d<6, conv{.kernel = {3, 4}, .stride = {2, 2}, .padding = same}>("conv1", x);
  auto const a = attrs_of_last(r);
  REQUIRE(a.pad_top == 1);  // (5 - 1) * 2 + 3 - 9 = 2
  REQUIRE(a.pad_bottom == 1);
  REQUIRE(a.pad_left == 1);  // (6 - 1) * 2 + 4 - 12 = 2
  REQUIRE(a.pad_right == 1);
  conv2d<6, conv{.kernel = {2, 3}, .stride = {1, 2}, .padding = same}>("conv2", x);
  auto const b = attrs_of_last(r);
  REQUIRE(b.pad_top == 0);  // (9 - 1) * 1 + 2 - 9 = 1
  REQUIRE(b.pad_bottom == 1);
  REQUIRE(b.pad_left == 0);  // (6 - 1) * 2 + 3 - 12 = 1
  REQUIRE(b.pad_right == 1);
}

TEST_CASE("depthwise_conv2d has one group for each channel", "[ops][conv2d]") {
  front::recorder r;
  image_last const x(r, ir::add_input(r.graph, image_last::type));
  auto const y = depthwise_conv2d<conv{.kernel = 3, .padding = 1, .layout = nhwc}, 2>("dw", x);
  STATIC_REQUIRE(is<decltype(y), tensor<float, 2, 9, 12, 8> const>);
  REQUIRE(attrs_of_last(r).groups == 4);
  REQUIRE(r.graph[1].type == ir::f32(8, 1, 3, 3));
}

TEST_CASE("hwio turns kernels of Keras into those of conv2d", "[ops][conv2d]") {
  front::recorder r;
  image_last const x(r, ir::add_input(r.graph, image_last::type));
  auto const kernel = parameter<float, 3, 3, 4, 7>("k", x);
  auto const y = conv2d<conv{.padding = same, .layout = nhwc}>(x, hwio(kernel));
  STATIC_REQUIRE(is<decltype(y), tensor<float, 2, 9, 12, 7> const>);
  auto const deep = parameter<float, 3, 3, 4, 2>("d", x);
  auto const z = depthwise_conv2d<conv{.layout = nhwc}>(x, depthwise_hwio(deep));
  STATIC_REQUIRE(is<decltype(z), tensor<float, 2, 7, 10, 8> const>);
  r.graph.outputs.push_back(y.id());
  r.graph.outputs.push_back(z.id());
  REQUIRE(ir::problem_of(r.graph) == nullptr);
}
