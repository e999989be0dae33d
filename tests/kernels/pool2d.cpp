#include <etch/kernels/pool2d.hpp>

#include "kernels/kernel_test.hpp"

using namespace kernel_test;
using etch::kernels::global_pool;
using etch::kernels::pool2d_shape;
using etch::kernels::pool_op;

namespace {

template <class T, pool2d_shape S>
recorder<T> run(block<T> const& in) {
  recorder<T> y(S.batch * S.oh * S.ow, S.c);
  etch::kernels::pool2d<T, S>(in.data(), y.in());
  return y;
}

/// The pool of one window by its definition; `most` is the maximum.
template <class T, pool2d_shape S>
reference pool(block<T> const& in, long pixel, long c, double& most) {
  long const b = pixel / (S.oh * S.ow), y = pixel / S.ow % S.oh, x = pixel % S.ow;
  reference sum;
  long counted = 0;
  most = -std::numeric_limits<double>::infinity();
  for (long ky = 0; ky < S.kh; ++ky)
    for (long kx = 0; kx < S.kw; ++kx) {
      long const iy = y * S.stride_h - S.pad_top + ky * S.dilation_h;
      long const ix = x * S.stride_w - S.pad_left + kx * S.dilation_w;
      bool const inside = iy >= 0 && iy < S.h && ix >= 0 && ix < S.w;
      if (inside) {
        double const v = static_cast<double>(in[((b * S.h + iy) * S.w + ix) * S.c + c]);
        sum.add(v);
        most = std::max(most, v);
      }
      if (inside || (S.count_include_pad && iy < S.h + S.pad_bottom && ix < S.w + S.pad_right))
        ++counted;
    }
  sum.value /= static_cast<double>(counted);
  sum.magnitude /= static_cast<double>(counted);
  return sum;
}

template <class T, pool2d_shape S>
bool agrees_with_definition() {
  block<T> const in = random_block<T>(S.batch * S.h * S.w * S.c, 21);
  recorder<T> const y = run<T, S>(in);
  if (!y.complete()) return false;
  for (long pixel = 0; pixel < S.batch * S.oh * S.ow; ++pixel)
    for (long c = 0; c < S.c; ++c) {
      double most = 0;
      reference const mean = pool<T, S>(in, pixel, c, most);
      if (S.op == pool_op::max ? static_cast<double>(y(pixel, c)) != most
                               : !agrees(y(pixel, c), mean))
        return false;
    }
  return true;
}

constexpr pool2d_shape of(pool_op op, long c, int kernel, int stride, int pad, int dilation = 1,
                          bool count_include_pad = false) {
  long const reach = (kernel - 1) * dilation + 1;
  return {op,
          2,
          9,
          11,
          c,
          (9 + 2 * pad - reach) / stride + 1,
          (11 + 2 * pad - reach) / stride + 1,
          kernel,
          kernel,
          stride,
          stride,
          dilation,
          dilation,
          pad,
          pad,
          pad,
          pad,
          count_include_pad};
}

}  // namespace

TEST_CASE("pool2d takes the maximum of every window", "[kernels][pool2d]") {
  CHECK(agrees_with_definition<float, of(pool_op::max, 16, 2, 2, 0)>());
  CHECK(agrees_with_definition<float, of(pool_op::max, 19, 3, 2, 1)>());
  CHECK(agrees_with_definition<float, of(pool_op::max, 5, 2, 1, 1, 3)>());
  CHECK(agrees_with_definition<double, of(pool_op::max, 11, 3, 1, 1)>());
}

TEST_CASE("pool2d averages over the image, or over the padded image", "[kernels][pool2d]") {
  CHECK(agrees_with_definition<float, of(pool_op::average, 33, 2, 2, 0)>());
  CHECK(agrees_with_definition<float, of(pool_op::average, 7, 3, 2, 1)>());
  CHECK(agrees_with_definition<float, of(pool_op::average, 7, 3, 2, 1, 1, true)>());
  CHECK(agrees_with_definition<float, of(pool_op::average, 3, 8, 1, 4)>());
  CHECK(agrees_with_definition<double, of(pool_op::average, 9, 3, 1, 1)>());
}

TEST_CASE("pool2d counts the padding only as far as it reaches", "[kernels][pool2d]") {
  // the last window hangs over the padded image, as with a rounded up output size
  constexpr pool2d_shape s{pool_op::average, 1, 4, 5, 3, 3, 3, 3, 2, 2, 2, 1, 1, 1, 0, 0, 1, true};
  CHECK(agrees_with_definition<float, s>());
}

TEST_CASE("pool2d over the whole image is a global pool", "[kernels][pool2d]") {
  CHECK(agrees_with_definition<float, global_pool(pool_op::average, 2, 7, 7, 20)>());
  CHECK(agrees_with_definition<float, global_pool(pool_op::average, 1, 5, 33, 64)>());
  CHECK(agrees_with_definition<float, global_pool(pool_op::max, 1, 6, 5, 16)>());
}

TEST_CASE("pool2d takes every tail of channels", "[kernels][pool2d]") {
  for_each_of<1, 17>([]<int C>() {
    CAPTURE(C);
    CHECK(agrees_with_definition<float, of(pool_op::max, C, 2, 3, 0)>());
  });
}

TEST_CASE("pool2d keeps NaN in its windows", "[kernels][pool2d]") {
  constexpr pool2d_shape s{pool_op::max, 1, 4, 4, 2, 2, 2, 2, 2, 2, 2, 1, 1, 0, 0, 0, 0, false};
  block<float> in = random_block<float>(32, 22);
  in[(2 * 4 + 1) * 2 + 1] = std::numeric_limits<float>::quiet_NaN();
  in[0] = -std::numeric_limits<float>::infinity();
  auto const y = run<float, s>(in);
  for (long pixel = 0; pixel < 4; ++pixel)
    for (long c = 0; c < 2; ++c) {
      CAPTURE(pixel, c);
      CHECK(std::isnan(y(pixel, c)) == (pixel == 2 && c == 1));
      CHECK_FALSE(std::isinf(y(pixel, c)));
    }
}

TEST_CASE("pool2d of a window in the padding is the identity of its operation",
          "[kernels][pool2d]") {
  constexpr pool2d_shape s{pool_op::max, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1, false};
  constexpr pool2d_shape mean{
      pool_op::average, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1, false};
  block<float> const in = random_block<float>(1, 23);
  auto const y = run<float, s>(in);
  CHECK(y(0, 0) == -std::numeric_limits<float>::infinity());
  CHECK(y(1, 0) == in[0]);
  CHECK(std::isnan(run<float, mean>(in)(0, 0)));
}
