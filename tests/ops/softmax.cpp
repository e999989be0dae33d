#include <etch/ops/log_softmax.hpp>
#include <etch/ops/softmax.hpp>

#include "ops/structured_case.hpp"

namespace {

using namespace structured;
using etch::tensor;
using op = etch::ops::softmax;
using log_op = etch::ops::log_softmax;

/// y_i = 1 / sum_j exp(x_j - x_i): no maximum is subtracted.
template <class T>
void by_ratios() {
  generator from(51);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<int> const shape{pick(from, 1, 4), pick(from, 1, 4), pick(from, 1, 9)};
    array x = random_array<T>(from, shape, -8, 8);
    for (int axis = 0; axis < 3; ++axis) {
      array expected(shape), logarithm(shape);
      for (int i = 0; i < shape[0]; ++i) {
        for (int j = 0; j < shape[1]; ++j) {
          for (int k = 0; k < shape[2]; ++k) {
            double sum = 0;
            for (int other = 0; other < shape[static_cast<std::size_t>(axis)]; ++other)
              sum += std::exp(
                  x.at({axis == 0 ? other : i, axis == 1 ? other : j, axis == 2 ? other : k}) -
                  x.at({i, j, k}));
            expected.at({i, j, k}) = 1 / sum;
            logarithm.at({i, j, k}) = -std::log(sum);
          }
        }
      }
      double const roundings = std::is_same_v<T, float> ? 1 : 40;
      require_close<T>(run<op, T>({axis}, operand<T>(x)), expected, roundings);
      require_close<T>(run<log_op, T>({axis}, operand<T>(x)), logarithm, roundings);
    }
  }
}

}  // namespace

TEST_CASE("softmax and log_softmax along every axis in float", "[ops][softmax]") {
  by_ratios<float>();
}
TEST_CASE("softmax and log_softmax along every axis in double", "[ops][softmax]") {
  by_ratios<double>();
}

TEST_CASE("softmax does not overflow, and NaN spoils its own line alone", "[ops][softmax]") {
  array x({3, 2});
  x.values = {1e30, 1e30, std::nan(""), 0, -std::numeric_limits<double>::infinity(), 0};
  array const y = run<op, float>({1}, operand<float>(x));
  REQUIRE(y.values[0] == 0.5);
  REQUIRE(y.values[1] == 0.5);
  REQUIRE(std::isnan(y.values[2]));
  REQUIRE(std::isnan(y.values[3]));
  REQUIRE(y.values[4] == 0.0);
  REQUIRE(y.values[5] == 1.0);
  array const z = run<log_op, float>({1}, operand<float>(x));
  REQUIRE(z.values[4] == -std::numeric_limits<double>::infinity());
  REQUIRE(z.values[5] == 0.0);
}

TEST_CASE("softmax stores its axis counted from the front", "[ops][softmax]") {
  using text = tensor<float, 2, 3, 4>;
  etch::front::recorder r;
  text const x(r, ir::add_input(r.graph, text::type));
  auto const y = etch::softmax(x);
  STATIC_REQUIRE(std::is_same_v<decltype(y), text const>);
  REQUIRE(r.graph.attrs_of<op::attrs>(y.id()).axis == 2);
  REQUIRE(r.graph.attrs_of<log_op::attrs>(etch::log_softmax<-3>(x).id()).axis == 0);
}

TEST_CASE("softmax refuses an axis out of range and integers", "[ops][softmax]") {
  REQUIRE(refusal<op>({-1}, {ir::f32(2, 3)}) == op::bad_axis);
  REQUIRE(refusal<log_op>({2}, {ir::f32(2, 3)}) == op::bad_axis);
  REQUIRE(refusal<op>({0}, {{ir::dtype::i32, ir::shape(3)}}) == op::bad_dtype);
}
