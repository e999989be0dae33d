#include <etch/ops/conv_transpose2d.hpp>

#include <algorithm>

#include "ops/image_case.hpp"

namespace {

using namespace structured;
using op = etch::ops::conv_transpose2d;

/// Every pixel lays its kernel down on a canvas, out of which the result is cut.
array by_scattering(array x, array w, array const& bias, op::attrs const& a, int oh, int ow) {
  int const batch = x.extents[0], inputs = x.extents[1], h = x.extents[2], v = x.extents[3];
  int const each = w.extents[1], kh = w.extents[2], kw = w.extents[3];
  int const outputs = each * a.groups;
  array canvas({batch, outputs, h * a.stride_h + kh * a.dilation_h + a.extra_h,
                v * a.stride_w + kw * a.dilation_w + a.extra_w});
  for (int b = 0; b < batch; ++b)
    for (int c = 0; c < inputs; ++c)
      for (int i = 0; i < h; ++i)
        for (int j = 0; j < v; ++j)
          for (int o = 0; o < each; ++o)
            for (int p = 0; p < kh; ++p)
              for (int q = 0; q < kw; ++q)
                canvas.at({b, c * a.groups / inputs * each + o, i * a.stride_h + p * a.dilation_h,
                           j * a.stride_w + q * a.dilation_w}) +=
                    x.at({b, c, i, j}) * w.at({c, o, p, q});
  array y({batch, outputs, oh, ow});
  for (int b = 0; b < batch; ++b)
    for (int o = 0; o < outputs; ++o)
      for (int i = 0; i < oh; ++i)
        for (int j = 0; j < ow; ++j)
          y.at({b, o, i, j}) = canvas.at({b, o, i + a.pad_top, j + a.pad_left}) +
                               bias.values[static_cast<std::size_t>(o)];
  return y;
}

/// The number of pixels from the first that a window reaches to the last, less what is cut off.
int left_over(int extent, int kernel, int stride, int dilation, int cut, int extra) {
  int last = 0;
  for (int i = 0; i < extent; ++i)
    for (int k = 0; k < kernel; ++k) last = std::max(last, i * stride + k * dilation);
  return last + 1 - cut + extra;
}

template <class T>
void random_cases(unsigned seed) {
  generator from(seed);
  int checked = 0;
  while (checked < 80) {
    op::attrs a{pick(from, 1, 3), pick(from, 1, 4), pick(from, 1, 2), pick(from, 1, 3),
                pick(from, 0, 3), pick(from, 0, 2), pick(from, 0, 2), pick(from, 0, 3),
                pick(from, 0, 2), pick(from, 0, 3), pick(from, 1, 3), false};
    int const inputs = pick(from, 1, 3), outputs = pick(from, 1, 3), batch = pick(from, 1, 2);
    int const h = pick(from, 1, 5), w = pick(from, 1, 5);
    int const kh = pick(from, 1, 4), kw = pick(from, 1, 4);
    int const oh = left_over(h, kh, a.stride_h, a.dilation_h, a.pad_top + a.pad_bottom, a.extra_h);
    int const ow = left_over(w, kw, a.stride_w, a.dilation_w, a.pad_left + a.pad_right, a.extra_w);
    array const x = random_array<T>(from, {batch, inputs * a.groups, h, w});
    array const weight = random_array<T>(from, {inputs * a.groups, outputs, kh, kw});
    array const bias = random_array<T>(from, {outputs * a.groups});
    operand<T> const w_in(weight), b_in(bias);
    std::string const refused = refusal<op>(a, {operand<T>(x).type, w_in.type, b_in.type});
    if (a.extra_h >= std::max(a.stride_h, a.dilation_h) ||
        a.extra_w >= std::max(a.stride_w, a.dilation_w)) {
      REQUIRE(refused == op::bad_extra);
      continue;
    }
    if (oh < 1 || ow < 1) {
      REQUIRE(refused == op::bad_output);
      continue;
    }
    array const expected = by_scattering(x, weight, bias, a, oh, ow);
    require_close<T>(run<op, T>(a, operand<T>(x), w_in, b_in), expected);
    a.channels_last = true;
    require_close<T>(run<op, T>(a, operand<T>(channels_last(x)), w_in, b_in),
                     channels_last(expected));
    a.channels_last = false;
    array const no_bias(std::vector<int>{outputs * a.groups});
    require_close<T>(run<op, T>(a, operand<T>(x), w_in),
                     by_scattering(x, weight, no_bias, a, oh, ow));
    ++checked;
  }
}

}  // namespace

TEST_CASE("conv_transpose2d in float: strides, dilations, groups, paddings, both layouts",
          "[ops][conv_transpose2d]") {
  random_cases<float>(1);
}
TEST_CASE("conv_transpose2d in double: strides, dilations, groups, paddings, both layouts",
          "[ops][conv_transpose2d]") {
  random_cases<double>(2);
}

TEST_CASE("conv_transpose2d refuses what does not fit", "[ops][conv_transpose2d]") {
  auto const x = ir::f32(1, 6, 8, 8);
  auto const w = ir::f32(6, 2, 3, 3);
  REQUIRE(refusal<op>({.groups = 2}, {x, w}) == "");
  REQUIRE(refusal<op>({.groups = 2}, {x, w, ir::f32(4)}) == "");
  REQUIRE(refusal<op>({.groups = 2}, {x, w, ir::f32(2)}) == op::bad_bias);
  REQUIRE(refusal<op>({.channels_last = true}, {x, w}) == op::bad_weight);
  REQUIRE(refusal<op>({}, {x, ir::f32(3, 2, 3, 3)}) == op::bad_weight);
  REQUIRE(refusal<op>({.groups = 0}, {x, w}) == op::bad_groups);
  REQUIRE(refusal<op>({.groups = 4}, {x, w}) == op::bad_groups);
  REQUIRE(refusal<op>({.stride_w = -1}, {x, w}) == op::bad_stride);
  REQUIRE(refusal<op>({.dilation_h = 0}, {x, w}) == op::bad_dilation);
  REQUIRE(refusal<op>({.pad_right = -1}, {x, w}) == op::bad_padding);
  REQUIRE(refusal<op>({.stride_h = 2, .extra_h = -1}, {x, w}) == op::bad_padding);
  REQUIRE(refusal<op>({.extra_h = 1}, {x, w}) == op::bad_extra);
  REQUIRE(refusal<op>({.stride_w = 2, .dilation_w = 2, .extra_w = 2}, {x, w}) == op::bad_extra);
  REQUIRE(refusal<op>({.stride_h = 2, .extra_h = 1}, {x, w}) == "");
  REQUIRE(refusal<op>({.dilation_w = 3, .extra_w = 2}, {x, w}) == "");
  REQUIRE(refusal<op>({.pad_top = 5, .pad_bottom = 4}, {x, w}) == "");
  REQUIRE(refusal<op>({.pad_top = 5, .pad_bottom = 5}, {x, w}) == op::bad_output);
  REQUIRE(refusal<op>({.pad_left = 5, .pad_right = 5}, {x, w}) == op::bad_output);
  REQUIRE(refusal<op>({}, {ir::f32(6, 8, 8), w}) == op::bad_rank);
  REQUIRE(refusal<op>({}, {x, ir::f32(6, 2, 9)}) == op::bad_rank);
  REQUIRE(refusal<op>({}, {x, {ir::dtype::f64, w.shape}}) == op::bad_dtype);
  REQUIRE(refusal<op>({}, {{ir::dtype::i32, x.shape}, {ir::dtype::i32, w.shape}}) == op::bad_dtype);
}

TEST_CASE("conv_transpose2d counts two operations per tap of each pixel and one per bias",
          "[ops][conv_transpose2d]") {
  std::array const in{ir::f32(1, 6, 8, 8), ir::f32(6, 2, 3, 3), ir::f32(4)};
  REQUIRE(op::flops(in, ir::f32(1, 4, 10, 10), {.groups = 2}) == 6 * 64 * 2 * 18 + 400);
}
