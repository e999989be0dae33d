#include <etch/ops/lane_linear.hpp>
#include <etch/ops/linear.hpp>

#include "ops/structured_case.hpp"

namespace {

using namespace structured;
using etch::parameter;
using etch::tensor;

/// Column by column of the weight, which is transposed where the operator wants it.
array by_columns(array x, array w, array const* bias) {
  int const rows = x.extents[0], k = x.extents[1], n = w.extents[0];
  array y({rows, n});
  for (int i = 0; i < k; ++i)
    for (int o = 0; o < n; ++o)
      for (int r = 0; r < rows; ++r) y.at({r, o}) += x.at({r, i}) * w.at({o, i});
  if (bias)
    for (int o = 0; o < n; ++o)
      for (int r = 0; r < rows; ++r) y.at({r, o}) += bias->values[static_cast<std::size_t>(o)];
  return y;
}

array transposed(array w) {
  array t({w.extents[1], w.extents[0]});
  for (int i = 0; i < w.extents[0]; ++i)
    for (int j = 0; j < w.extents[1]; ++j) t.at({j, i}) = w.at({i, j});
  return t;
}

template <class T>
void both_weight_orders() {
  generator from(11);
  for (int trial = 0; trial < 30; ++trial) {
    int const rows = pick(from, 1, 7), k = pick(from, 1, 40), n = pick(from, 1, 20);
    array const x = random_array<T>(from, {rows, k});
    array const w = random_array<T>(from, {n, k});
    array const b = random_array<T>(from, {n});
    using op = etch::ops::linear;
    require_close<T>(run<op, T>({}, operand<T>(x), operand<T>(w), operand<T>(b)),
                     by_columns(x, w, &b));
    require_close<T>(run<op, T>({.in_out = true}, operand<T>(x), operand<T>(transposed(w))),
                     by_columns(x, w, nullptr));
  }
}

using x_type = tensor<float, 5, 2, 4>;
template <class X>
using named = decltype(etch::linear<3>("fc", std::declval<X>()));
template <class X>
using keras = decltype(etch::dense(std::declval<X>(), parameter<float, 4, 7>("kernel")));

}  // namespace

TEST_CASE("linear is x W^T + b in float", "[ops][linear]") { both_weight_orders<float>(); }
TEST_CASE("linear is x W^T + b in double", "[ops][linear]") { both_weight_orders<double>(); }

TEST_CASE("linear works on the last axis of any rank", "[ops][linear]") {
  STATIC_REQUIRE(std::is_same_v<named<x_type>, tensor<float, 5, 2, 3>>);
  STATIC_REQUIRE(std::is_same_v<named<tensor<double, 4>>, tensor<double, 3>>);
  STATIC_REQUIRE(std::is_same_v<keras<x_type>, tensor<float, 5, 2, 7>>);
  generator from(3);
  array const x = random_array<float>(from, {2, 3, 4});
  array const w = random_array<float>(from, {5, 4});
  array flat = x;
  flat.extents = {6, 4};
  array expected = by_columns(flat, w, nullptr);
  expected.extents = {2, 3, 5};
  require_close<float>(run<etch::ops::linear, float>({}, operand<float>(x), operand<float>(w)),
                       expected);
}

TEST_CASE("linear names its parameters as PyTorch does", "[ops][linear]") {
  etch::front::recorder r;
  tensor<float, 1, 4> const x(r, ir::add_input(r.graph, ir::f32(1, 4)));
  etch::linear<3>(etch::scope("h") / 2 / "fc1", x);
  etch::linear<3, etch::linear_options{.bias = false}>("fc2", x);
  REQUIRE(r.graph.size() == 6);
  REQUIRE(r.graph.name_of(1) == "h.2.fc1.weight");
  REQUIRE(r.graph[1].type == ir::f32(3, 4));
  REQUIRE(r.graph.name_of(2) == "h.2.fc1.bias");
  REQUIRE(r.graph[2].type == ir::f32(3));
  REQUIRE(r.graph.name_of(4) == "fc2.weight");
  REQUIRE(r.graph[5].inputs.count == 2);
}

TEST_CASE("lane_linear is linear for each instance along the last axis", "[ops][linear]") {
  using op = etch::ops::lane_linear;
  generator from(5);
  constexpr int rows = 2, k = 3, n = 4, lanes = 5;
  array x = random_array<float>(from, {rows, k, lanes});
  array const w = random_array<float>(from, {n, k}), b = random_array<float>(from, {n});
  array y({rows, n, lanes});
  for (int lane = 0; lane < lanes; ++lane) {
    array one({rows, k});
    for (int i = 0; i < rows * k; ++i) one.at({i / k, i % k}) = x.at({i / k, i % k, lane});
    array expected = by_columns(one, w, &b);
    for (int i = 0; i < rows * n; ++i) y.at({i / n, i % n, lane}) = expected.at({i / n, i % n});
  }
  require_close<float>(run<op, float>({}, operand<float>(x), operand<float>(w), operand<float>(b)),
                       y);
  require_close<float>(run<op, float>({.in_out = true}, operand<float>(x),
                                      operand<float>(transposed(w)), operand<float>(b)),
                       y);
  std::array const in{ir::f32(2, 3, 5), ir::f32(4, 3)};
  REQUIRE(op::flops(in, ir::f32(2, 4, 5), {}) == 2 * 4 * 5 * 2 * 3);
}

TEST_CASE("linear counts two operations per weight and one per bias", "[ops][linear]") {
  std::array const in{ir::f32(7, 4), ir::f32(3, 4), ir::f32(3)};
  STATIC_REQUIRE(etch::ops::linear::arity_max == 3);
  REQUIRE(etch::ops::linear::flops(in, ir::f32(7, 3), {}) == 7 * 3 * (2 * 4 + 1));
}
