#include <etch/ops/avg_pool2d.hpp>
#include <etch/ops/global_pool2d.hpp>
#include <etch/ops/max_pool2d.hpp>

#include "ops/image_case.hpp"

namespace {

using namespace structured;
using etch::tensor;
using max_op = etch::ops::max_pool2d;
using avg_op = etch::ops::avg_pool2d;

struct windows {
  array most, mean, mean_inside;
};

/// Windows over an explicit frame: of -inf for the maximum, of 0 for the means, of 0 around ones
/// for the number of pixels inside.
windows over_frames(array const& x, avg_op::attrs const& a, int oh, int ow) {
  auto const frame = [&](array const& image, double value) {
    return framed(image, a.pad_top, a.pad_left, a.pad_bottom, a.pad_right, value);
  };
  array low = frame(x, -std::numeric_limits<double>::infinity());
  array zero = frame(x, 0);
  array inside = frame(array(x.extents, 1.0), 0);
  std::vector<int> const shape{x.extents[0], x.extents[1], oh, ow};
  windows y{array(shape, -std::numeric_limits<double>::infinity()), array(shape), array(shape)};
  array count(shape);
  for (int kw = 0; kw < a.kernel_w; ++kw) {
    for (int kh = 0; kh < a.kernel_h; ++kh) {
      for (int b = 0; b < shape[0]; ++b) {
        for (int c = 0; c < shape[1]; ++c) {
          for (int i = 0; i < oh; ++i) {
            for (int j = 0; j < ow; ++j) {
              int const h = i * a.stride_h + kh, w = j * a.stride_w + kw;
              double& most = y.most.at({b, c, i, j});
              most = std::max(most, low.at({b, c, h, w}));
              y.mean.at({b, c, i, j}) += zero.at({b, c, h, w});
              count.at({b, c, i, j}) += inside.at({b, c, h, w});
            }
          }
        }
      }
    }
  }
  y.mean_inside = y.mean;
  for (std::size_t i = 0; i < count.values.size(); ++i) {
    y.mean.values[i] /= a.kernel_h * a.kernel_w;
    y.mean_inside.values[i] /= count.values[i];
  }
  return y;
}

max_op::attrs as_max(avg_op::attrs const& a) {
  return {a.kernel_h, a.kernel_w,   a.stride_h,  a.stride_w,     a.pad_top,
          a.pad_left, a.pad_bottom, a.pad_right, a.channels_last};
}

template <class T>
void random_pools() {
  generator from(21);
  for (int trial = 0; trial < 60; ++trial) {
    int const kh = pick(from, 1, 4), kw = pick(from, 1, 4);
    avg_op::attrs a{kh,
                    kw,
                    pick(from, 1, 3),
                    pick(from, 1, 3),
                    pick(from, 0, kh - 1),
                    pick(from, 0, kw - 1),
                    pick(from, 0, kh - 1),
                    pick(from, 0, kw - 1),
                    false,
                    true};
    int const h = pick(from, kh, 9), w = pick(from, kw, 9);
    int const oh = (h + a.pad_top + a.pad_bottom - kh) / a.stride_h + 1;
    int const ow = (w + a.pad_left + a.pad_right - kw) / a.stride_w + 1;
    array const x = random_array<T>(from, {pick(from, 1, 2), pick(from, 1, 3), h, w});
    windows const expected = over_frames(x, a, oh, ow);
    operand<T> const first(x), last(channels_last(x));
    require_same(run<max_op, T>(as_max(a), first), expected.most);
    require_close<T>(run<avg_op, T>(a, first), expected.mean);
    a.count_include_pad = false;
    require_close<T>(run<avg_op, T>(a, first), expected.mean_inside);
    a.channels_last = true;
    require_same(run<max_op, T>(as_max(a), last), channels_last(expected.most));
    require_close<T>(run<avg_op, T>(a, last), channels_last(expected.mean_inside));
  }
}

using image = tensor<float, 2, 4, 9, 12>;
template <etch::pool Config>
using pooled = decltype(etch::max_pool2d<Config>(std::declval<image>()));

}  // namespace

TEST_CASE("max_pool2d and avg_pool2d in float against explicit frames", "[ops][pool2d]") {
  random_pools<float>();
}
TEST_CASE("max_pool2d and avg_pool2d in double against explicit frames", "[ops][pool2d]") {
  random_pools<double>();
}

TEST_CASE("max_pool2d is NaN where a tap is", "[ops][pool2d]") {
  array x({1, 1, 2, 4});
  x.at({0, 0, 1, 2}) = std::nan("");
  array const y = run<max_op, float>({}, operand<float>(x));
  REQUIRE(y.values[0] == 0.0);
  REQUIRE(std::isnan(y.values[1]));
}

TEST_CASE("pools compute the shape of their result", "[ops][pool2d]") {
  using etch::pool;
  STATIC_REQUIRE(std::is_same_v<pooled<pool{}>, tensor<float, 2, 4, 4, 6>>);
  STATIC_REQUIRE(std::is_same_v<pooled<pool{.kernel = {3, 4}}>, tensor<float, 2, 4, 3, 3>>);
  STATIC_REQUIRE(
      std::is_same_v<pooled<pool{.kernel = 3, .stride = 1}>, tensor<float, 2, 4, 7, 10>>);
  STATIC_REQUIRE(std::is_same_v<pooled<pool{.kernel = 3, .stride = 2, .padding = 1}>,
                                tensor<float, 2, 4, 5, 6>>);
  STATIC_REQUIRE(std::is_same_v<pooled<pool{.kernel = 3, .stride = 2, .padding = etch::same}>,
                                tensor<float, 2, 4, 5, 6>>);
  STATIC_REQUIRE(std::is_same_v<pooled<pool{.layout = etch::nhwc}>, tensor<float, 2, 2, 4, 12>>);
}

TEST_CASE("same padding is never counted by avg_pool2d", "[ops][pool2d]") {
  etch::front::recorder r;
  image const x(r, ir::add_input(r.graph, image::type));
  etch::avg_pool2d<etch::pool{.kernel = 3, .padding = etch::same}>(x);
  REQUIRE_FALSE(r.graph.attrs_of<avg_op::attrs>(1).count_include_pad);
  etch::avg_pool2d<etch::pool{.kernel = 3, .padding = 1}>(x);
  REQUIRE(r.graph.attrs_of<avg_op::attrs>(2).count_include_pad);
}

TEST_CASE("global pools are reductions over the image", "[ops][pool2d]") {
  etch::front::recorder r;
  image const x(r, ir::add_input(r.graph, image::type));
  auto const y = etch::global_avg_pool2d(x);
  STATIC_REQUIRE(std::is_same_v<decltype(y), tensor<float, 2, 4, 1, 1> const>);
  auto const z = etch::global_max_pool2d<etch::nhwc>(x);
  STATIC_REQUIRE(std::is_same_v<decltype(z), tensor<float, 2, 1, 1, 12> const>);
  REQUIRE(r.graph[1].op == &ir::info_of<etch::ops::reduce_mean>);
  REQUIRE(r.graph[2].op == &ir::info_of<etch::ops::reduce_max>);
}

TEST_CASE("pools refuse what does not fit", "[ops][pool2d]") {
  auto const x = ir::f32(1, 2, 5, 5);
  REQUIRE(refusal<max_op>({.kernel_h = 6}, {x}) == max_op::bad_size);
  REQUIRE(refusal<max_op>({.kernel_h = 0}, {x}) == max_op::bad_kernel);
  REQUIRE(refusal<max_op>({.stride_w = 0}, {x}) == max_op::bad_stride);
  REQUIRE(refusal<max_op>({.pad_top = 2}, {x}) == max_op::bad_padding);
  REQUIRE(refusal<avg_op>({.pad_right = -1}, {x}) == avg_op::bad_padding);
  REQUIRE(refusal<avg_op>({}, {ir::f32(2, 5, 5)}) == avg_op::bad_rank);
  REQUIRE(refusal<avg_op>({}, {{ir::dtype::u8, x.shape}}) == avg_op::bad_dtype);
}
