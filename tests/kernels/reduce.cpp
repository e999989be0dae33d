#include <etch/kernels/reduce.hpp>

#include "kernels/kernel_test.hpp"

using namespace kernel_test;
using etch::kernels::reduce_op;
using etch::kernels::reduce_shape;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

template <class T, reduce_shape S>
recorder<T> run(block<T> const& x) {
  recorder<T> y(S.outer, S.inner);
  etch::kernels::reduce<T, S>(x.data(), y.in());
  return y;
}

template <class T, reduce_shape S>
bool agrees_with_definition() {
  block<T> x = random_block<T>(S.outer * S.reduced * S.inner, 31);
  if (S.op == reduce_op::prod)
    for (T& v : x) v = T(1) + v / T(16);
  recorder<T> const y = run<T, S>(x);
  if (!y.complete()) return false;
  for (long o = 0; o < S.outer; ++o)
    for (long i = 0; i < S.inner; ++i) {
      reference sum;
      double least = infinity, most = -infinity, product = 1;
      for (long r = 0; r < S.reduced; ++r) {
        double const v = static_cast<double>(x[(o * S.reduced + r) * S.inner + i]);
        sum.add(v);
        least = std::min(least, v);
        most = std::max(most, v);
        product *= v;
      }
      double const got = static_cast<double>(y(o, i));
      double const eps = std::numeric_limits<T>::epsilon() * static_cast<double>(S.reduced + 4);
      if (S.op == reduce_op::mean) {
        sum.value /= static_cast<double>(S.reduced);
        sum.magnitude /= static_cast<double>(S.reduced);
      }
      bool const good = S.op == reduce_op::max    ? got == most
                        : S.op == reduce_op::min  ? got == least
                        : S.op == reduce_op::prod ? std::fabs(got - product) <= eps * product
                                                  : agrees(y(o, i), sum);
      if (!good) return false;
    }
  return true;
}

template <reduce_op Op>
void check_shapes() {
  CHECK(agrees_with_definition<float, reduce_shape{3, 50, 1, Op}>());
  CHECK(agrees_with_definition<float, reduce_shape{2, 700, 1, Op}>());
  CHECK(agrees_with_definition<float, reduce_shape{2, 7, 21, Op}>());
  CHECK(agrees_with_definition<float, reduce_shape{1, 45, 32, Op}>());
  CHECK(agrees_with_definition<double, reduce_shape{2, 39, 1, Op}>());
  CHECK(agrees_with_definition<double, reduce_shape{2, 5, 11, Op}>());
}

}  // namespace

TEST_CASE("reduce sums", "[kernels][reduce]") { check_shapes<reduce_op::sum>(); }
TEST_CASE("reduce takes means", "[kernels][reduce]") { check_shapes<reduce_op::mean>(); }
TEST_CASE("reduce takes maxima", "[kernels][reduce]") { check_shapes<reduce_op::max>(); }
TEST_CASE("reduce takes minima", "[kernels][reduce]") { check_shapes<reduce_op::min>(); }
TEST_CASE("reduce multiplies", "[kernels][reduce]") { check_shapes<reduce_op::prod>(); }

TEST_CASE("reduce takes every length of a line and every tail of columns", "[kernels][reduce]") {
  for_each_of<1, 18>([]<int N>() {
    CAPTURE(N);
    CHECK(agrees_with_definition<float, reduce_shape{2, N, 1, reduce_op::sum}>());
    CHECK(agrees_with_definition<float, reduce_shape{2, 3, N, reduce_op::sum}>());
  });
}

TEST_CASE("reduce takes every number of packs of a line", "[kernels][reduce]") {
  for_each_of<2, 40>([]<int Packs>() {
    CAPTURE(Packs);
    CHECK(agrees_with_definition<float, reduce_shape{1, Packs * 16 - 5, 1, reduce_op::sum}>());
  });
}

TEST_CASE("reduce ignores what lies beyond a tail", "[kernels][reduce]") {
  // negative and larger than 1: a lane of zeros would be seen
  block<float> x(19);
  for (float& v : x) v = -2;
  CHECK(run<float, reduce_shape{1, 19, 1, reduce_op::max}>(x)(0, 0) == -2);
  CHECK(run<float, reduce_shape{1, 19, 1, reduce_op::prod}>(x)(0, 0) == -524288);
  for (float& v : x) v = 2;
  CHECK(run<float, reduce_shape{1, 19, 1, reduce_op::min}>(x)(0, 0) == 2);
}

TEST_CASE("reduce lets NaN through from any place", "[kernels][reduce]") {
  for (long at = 0; at < 100; ++at) {
    block<float> x = random_block<float>(100, 32);
    x[at] = std::numeric_limits<float>::quiet_NaN();
    CAPTURE(at);
    CHECK(std::isnan(run<float, reduce_shape{1, 100, 1, reduce_op::max}>(x)(0, 0)));
    CHECK(std::isnan(run<float, reduce_shape{1, 100, 1, reduce_op::min}>(x)(0, 0)));
    auto const columns = run<float, reduce_shape{1, 5, 20, reduce_op::max}>(x);
    for (long i = 0; i < 20; ++i) CHECK(std::isnan(columns(0, i)) == (i == at % 20));
  }
}

TEST_CASE("reduce gives a row alone the bits of that row in a batch", "[kernels][reduce]") {
  block<float> const all = random_block<float>(5 * 83, 33);
  auto const batch = run<float, reduce_shape{5, 83, 1, reduce_op::sum}>(all);
  for (long o = 0; o < 5; ++o) {
    block<float> one(83, 3);
    std::copy_n(all.data() + o * 83, 83, one.data());
    float const y = run<float, reduce_shape{1, 83, 1, reduce_op::sum}>(one)(0, 0);
    float const expected = batch(o, 0);
    CHECK(same_bits(&y, &expected, 1));
  }
}
