#include <etch/ops/conv2d.hpp>

#include "ops/image_case.hpp"

namespace {

using namespace structured;
using op = etch::ops::conv2d;

/// Every pixel of the framed image is scattered to the outputs that see it.
array by_scattering(array const& x, array w, array const& bias, op::attrs const& a, int oh,
                    int ow) {
  array from = framed(x, a.pad_top, a.pad_left, a.pad_bottom, a.pad_right, 0.0);
  int const outputs = w.extents[0], inputs = w.extents[1];
  array y({x.extents[0], outputs, oh, ow});
  for (int h = 0; h < from.extents[2]; ++h) {
    for (int v = 0; v < from.extents[3]; ++v) {
      for (int kh = 0; kh < w.extents[2]; ++kh) {
        for (int kw = 0; kw < w.extents[3]; ++kw) {
          int const top = h - kh * a.dilation_h, left = v - kw * a.dilation_w;
          if (top < 0 || left < 0 || top % a.stride_h != 0 || left % a.stride_w != 0) continue;
          int const i = top / a.stride_h, j = left / a.stride_w;
          if (i >= oh || j >= ow) continue;
          for (int b = 0; b < x.extents[0]; ++b)
            for (int o = 0; o < outputs; ++o)
              for (int c = 0; c < inputs; ++c)
                y.at({b, o, i, j}) +=
                    w.at({o, c, kh, kw}) * from.at({b, o * a.groups / outputs * inputs + c, h, v});
        }
      }
    }
  }
  for (int b = 0; b < x.extents[0]; ++b)
    for (int o = 0; o < outputs; ++o)
      for (int i = 0; i < oh; ++i)
        for (int j = 0; j < ow; ++j) y.at({b, o, i, j}) += bias.values[static_cast<std::size_t>(o)];
  return y;
}

/// Counts the positions one by one.
int positions(int extent, int kernel, int stride, int dilation) {
  int n = 0;
  for (int start = 0; start + (kernel - 1) * dilation < extent; start += stride) ++n;
  return n;
}

template <class T>
void random_convolutions(unsigned seed) {
  generator from(seed);
  int checked = 0;
  while (checked < 60) {
    op::attrs a{
        pick(from, 1, 3), pick(from, 1, 3), pick(from, 1, 2), pick(from, 1, 3), pick(from, 0, 2),
        pick(from, 0, 2), pick(from, 0, 2), pick(from, 0, 2), pick(from, 1, 3), false};
    int const inputs = pick(from, 1, 3), outputs = a.groups * pick(from, 1, 3);
    int const h = pick(from, 1, 8), w = pick(from, 1, 8);
    int const kh = pick(from, 1, 4), kw = pick(from, 1, 4);
    int const oh = positions(h + a.pad_top + a.pad_bottom, kh, a.stride_h, a.dilation_h);
    int const ow = positions(w + a.pad_left + a.pad_right, kw, a.stride_w, a.dilation_w);
    array const x = random_array<T>(from, {pick(from, 1, 2), inputs * a.groups, h, w});
    array const weight = random_array<T>(from, {outputs, inputs, kh, kw});
    array const bias = random_array<T>(from, {outputs});
    operand<T> const w_in(weight), b_in(bias);
    if (oh == 0 || ow == 0) {
      REQUIRE(refusal<op>(a, {operand<T>(x).type, w_in.type, b_in.type}) == op::bad_kernel);
      continue;
    }
    array const expected = by_scattering(x, weight, bias, a, oh, ow);
    require_close<T>(run<op, T>(a, operand<T>(x), w_in, b_in), expected);
    a.channels_last = true;
    require_close<T>(run<op, T>(a, operand<T>(channels_last(x)), w_in, b_in),
                     channels_last(expected));
    array const no_bias(std::vector<int>{outputs});
    a.channels_last = false;
    require_close<T>(run<op, T>(a, operand<T>(x), w_in),
                     by_scattering(x, weight, no_bias, a, oh, ow));
    ++checked;
  }
}

}  // namespace

TEST_CASE("conv2d in float: strides, dilations, groups, padding, both layouts", "[ops][conv2d]") {
  random_convolutions<float>(1);
}
TEST_CASE("conv2d in double: strides, dilations, groups, padding, both layouts", "[ops][conv2d]") {
  random_convolutions<double>(2);
}

TEST_CASE("conv2d refuses what does not fit", "[ops][conv2d]") {
  auto const x = ir::f32(1, 6, 8, 8);
  auto const w = ir::f32(4, 3, 3, 3);
  REQUIRE(refusal<op>({.groups = 2}, {x, w}) == "");
  REQUIRE(refusal<op>({.groups = 2}, {x, w, ir::f32(5)}) == op::bad_bias);
  REQUIRE(refusal<op>({}, {x, w}) == op::bad_weight);
  REQUIRE(refusal<op>({.groups = 0}, {x, w}) == op::bad_groups);
  REQUIRE(refusal<op>({.groups = 3}, {x, w}) == op::bad_groups);
  REQUIRE(refusal<op>({.stride_w = -1, .groups = 2}, {x, w}) == op::bad_stride);
  REQUIRE(refusal<op>({.dilation_h = 0, .groups = 2}, {x, w}) == op::bad_dilation);
  REQUIRE(refusal<op>({.pad_right = -1, .groups = 2}, {x, w}) == op::bad_padding);
  REQUIRE(refusal<op>({.dilation_h = 4, .groups = 2}, {x, w}) == op::bad_kernel);
  REQUIRE(refusal<op>({.dilation_h = 4, .pad_bottom = 1, .groups = 2}, {x, w}) == "");
  REQUIRE(refusal<op>({}, {ir::f32(6, 8, 8), w}) == op::bad_rank);
  REQUIRE(refusal<op>({}, {x, {ir::dtype::f64, w.shape}}) == op::bad_dtype);
}

TEST_CASE("conv2d counts two operations per tap and one per bias", "[ops][conv2d]") {
  std::array const in{ir::f32(1, 6, 8, 8), ir::f32(4, 3, 3, 3), ir::f32(4)};
  REQUIRE(op::flops(in, ir::f32(1, 4, 6, 6), {.groups = 2}) == 4 * 36 * (2 * 27 + 1));
}
