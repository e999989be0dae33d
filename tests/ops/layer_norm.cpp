#include <etch/ir/verify.hpp>
#include <etch/ops/layer_norm.hpp>

#include "ops/structured_case.hpp"

namespace {

using namespace structured;
using etch::tensor;
using op = etch::ops::layer_norm;

/// Moments by Welford's updates, over any number of last axes.
template <class T>
void row_by_row() {
  generator from(41);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<int> const shape{pick(from, 1, 3), pick(from, 1, 4), pick(from, 2, 9)};
    array const x = random_array<T>(from, shape, 3, 5);
    for (int axes = 1; axes <= 3; ++axes) {
      std::vector<int> const last(shape.end() - axes, shape.end());
      array const gamma = random_array<T>(from, last), beta = random_array<T>(from, last);
      std::size_t const n = gamma.values.size();
      array expected(shape);
      for (std::size_t row = 0; row < x.values.size() / n; ++row) {
        double mean = 0, squares = 0;
        for (std::size_t i = 0; i < n; ++i) {
          double const before = x.values[row * n + i] - mean;
          mean += before / static_cast<double>(i + 1);
          squares += before * (x.values[row * n + i] - mean);
        }
        double const variance = squares / static_cast<double>(n);
        for (std::size_t i = 0; i < n; ++i)
          expected.values[row * n + i] = (x.values[row * n + i] - mean) /
                                             std::sqrt(variance + static_cast<double>(1e-4f)) *
                                             gamma.values[i] +
                                         beta.values[i];
      }
      require_close<T>(run<op, T>({.axes = axes, .epsilon = 1e-4f}, operand<T>(x),
                                  operand<T>(gamma), operand<T>(beta)),
                       expected, std::is_same_v<T, float> ? 1 : 40);
    }
  }
}

using text = tensor<float, 2, 3, 4>;

}  // namespace

TEST_CASE("layer_norm over one, two and three axes in float", "[ops][layer_norm]") {
  row_by_row<float>();
}
TEST_CASE("layer_norm over one, two and three axes in double", "[ops][layer_norm]") {
  row_by_row<double>();
}

TEST_CASE("layer_norm normalises the last axis unless told otherwise", "[ops][layer_norm]") {
  etch::front::recorder r;
  text const x(r, ir::add_input(r.graph, text::type));
  auto const y = etch::layer_norm("ln", x);
  STATIC_REQUIRE(std::is_same_v<decltype(y), text const>);
  REQUIRE(r.graph.name_of(1) == "ln.weight");
  REQUIRE(r.graph.name_of(2) == "ln.bias");
  REQUIRE(r.graph[1].type == ir::f32(4));
  auto const z = etch::layer_norm<2>("ln2", y, 1e-6f);
  REQUIRE(r.graph[4].type == ir::f32(3, 4));
  auto const a = r.graph.attrs_of<op::attrs>(z.id());
  REQUIRE(a.axes == 2);
  REQUIRE(a.epsilon == 1e-6f);
  r.graph.outputs.push_back(etch::layer_norm(z, 1, 0).id());
  REQUIRE(ir::problem_of(r.graph) == nullptr);
}

TEST_CASE("layer_norm refuses what does not fit", "[ops][layer_norm]") {
  auto const x = ir::f32(2, 3, 4);
  REQUIRE(refusal<op>({}, {x, ir::f32(4), ir::f32(4)}) == "");
  REQUIRE(refusal<op>({}, {x, ir::f32(4), ir::f32(3)}) == op::bad_weight);
  REQUIRE(refusal<op>({.axes = 2}, {x, ir::f32(12), ir::f32(12)}) == op::bad_weight);
  REQUIRE(refusal<op>({.axes = 0}, {x, ir::f32(4), ir::f32(4)}) == op::bad_axes);
  REQUIRE(refusal<op>({.axes = 4}, {x, ir::f32(4), ir::f32(4)}) == op::bad_axes);
}
