#include <etch/ir/verify.hpp>
#include <etch/ops/conv_transpose2d.hpp>

#include "catch.hpp"

namespace {

using namespace etch;

template <conv_transpose Config, class X, int Outputs = 6>
using spread = decltype(conv_transpose2d<Outputs, Config>("c", std::declval<X>()));

using image = tensor<float, 2, 4, 9, 12>;
using image_last = tensor<float, 2, 9, 12, 4>;

template <class A, class B>
inline constexpr bool is = std::is_same_v<A, B>;

ops::conv_transpose2d::attrs attrs_of_last(front::recorder const& r) {
  return r.graph.attrs_of<ops::conv_transpose2d::attrs>(r.graph.size() - 1);
}

}  // namespace

TEST_CASE("conv_transpose2d computes the shape of its result", "[ops][conv_transpose2d]") {
  STATIC_REQUIRE(is<spread<conv_transpose{.kernel = 3}, image>, tensor<float, 2, 6, 11, 14>>);
  STATIC_REQUIRE(is<spread<conv_transpose{.kernel = 4, .stride = 2, .padding = 1}, image>,
                    tensor<float, 2, 6, 18, 24>>);
  STATIC_REQUIRE(
      is<spread<conv_transpose{.kernel = {1, 3}, .stride = {1, 2}, .output_padding = {0, 1}},
                image>,
         tensor<float, 2, 6, 9, 26>>);
  STATIC_REQUIRE(is<spread<conv_transpose{.kernel = 3,
                                          .stride = {2, 3},
                                          .padding = {1, 2, 3, 4},
                                          .output_padding = 1,
                                          .dilation = 2},
                           image>,
                    tensor<float, 2, 6, 18, 33>>);
  STATIC_REQUIRE(is<spread<conv_transpose{.kernel = 3, .stride = 2, .padding = same}, image>,
                    tensor<float, 2, 6, 18, 24>>);
  STATIC_REQUIRE(is<spread<conv_transpose{.kernel = 1, .stride = 3, .padding = same}, image>,
                    tensor<float, 2, 6, 27, 36>>);
  STATIC_REQUIRE(is<spread<conv_transpose{.kernel = 3, .stride = 2, .padding = valid}, image>,
                    tensor<float, 2, 6, 19, 25>>);
  STATIC_REQUIRE(is<spread<conv_transpose{.kernel = 2, .stride = 2, .layout = nhwc}, image_last>,
                    tensor<float, 2, 18, 24, 6>>);
  STATIC_REQUIRE(is<spread<conv_transpose{.kernel = 3}, tensor<double, 1, 1, 1, 1>>,
                    tensor<double, 1, 6, 3, 3>>);
}

TEST_CASE("conv_transpose2d names its parameters as PyTorch does", "[ops][conv_transpose2d]") {
  front::recorder r;
  image const x(r, ir::add_input(r.graph, image::type));
  conv_transpose2d<6, conv_transpose{.kernel = {3, 5}, .groups = 2}>("up1", x);
  REQUIRE(r.graph.name_of(1) == "up1.weight");
  REQUIRE(r.graph[1].type == ir::f32(4, 3, 3, 5));
  REQUIRE(r.graph.name_of(2) == "up1.bias");
  REQUIRE(r.graph[2].type == ir::f32(6));
  auto const y = conv_transpose2d<6, conv_transpose{.kernel = 3, .bias = false}>("up2", x);
  REQUIRE(r.graph.size() == 6);
  REQUIRE(r.graph[y.id()].inputs.count == 2);
  auto const z = conv_transpose2d(x, parameter<float, 4, 5, 2, 2>("w"));
  STATIC_REQUIRE(is<decltype(z), tensor<float, 2, 5, 10, 13> const>);
  r.graph.outputs.push_back(y.id());
  r.graph.outputs.push_back(z.id());
  REQUIRE(ir::problem_of(r.graph) == nullptr);
}

TEST_CASE("same padding of a conv_transpose2d in a node is four numbers and an output padding",
          "[ops][conv_transpose2d]") {
  front::recorder r;
  image const x(r, ir::add_input(r.graph, image::type));
  conv_transpose2d<6, conv_transpose{.kernel = {3, 6}, .stride = 2, .padding = same}>("a", x);
  auto const a = attrs_of_last(r);
  REQUIRE(a.pad_top == 0);  // 3 - 2 = 1, the odd one below
  REQUIRE(a.pad_bottom == 1);
  REQUIRE(a.pad_left == 2);  // 6 - 2 = 4
  REQUIRE(a.pad_right == 2);
  REQUIRE(a.extra_h + a.extra_w == 0);
  conv_transpose2d<6, conv_transpose{.kernel = {1, 2}, .stride = {3, 2}, .padding = same}>("b", x);
  auto const b = attrs_of_last(r);
  REQUIRE(b.pad_top + b.pad_bottom + b.pad_left + b.pad_right == 0);
  REQUIRE(b.extra_h == 2);
  REQUIRE(b.extra_w == 0);
}
