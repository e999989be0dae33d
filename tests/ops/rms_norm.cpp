#include <etch/ir/verify.hpp>
#include <etch/ops/rms_norm.hpp>

#include "ops/structured_case.hpp"

namespace {

using namespace structured;
using etch::tensor;
using op = etch::ops::rms_norm;

template <class T>
void row_by_row() {
  generator from(43);
  for (int trial = 0; trial < 20; ++trial) {
    int const rows = pick(from, 1, 4), n = pick(from, 1, 40);
    array const x = random_array<T>(from, {rows, n}, -3, 5), weight = random_array<T>(from, {n});
    array expected({rows, n});
    for (int row = 0; row < rows; ++row) {
      auto const at = [&](int i) { return static_cast<std::size_t>(row * n + i); };
      double mean = 0;
      for (int i = 0; i < n; ++i)
        mean += (x.values[at(i)] * x.values[at(i)] - mean) / static_cast<double>(i + 1);
      for (int i = 0; i < n; ++i)
        expected.values[at(i)] = weight.values[static_cast<std::size_t>(i)] * x.values[at(i)] /
                                 std::sqrt(mean + static_cast<double>(1e-4f));
    }
    require_close<T>(run<op, T>({.epsilon = 1e-4f}, operand<T>(x), operand<T>(weight)), expected,
                     std::is_same_v<T, float> ? 1 : 40);
  }
}

using text = tensor<float, 2, 3, 4>;

}  // namespace

TEST_CASE("rms_norm divides a row by its root mean square, float and double", "[ops][rms_norm]") {
  row_by_row<float>();
  row_by_row<double>();
}

TEST_CASE("rms_norm takes its weight by name, as a tensor or as a number", "[ops][rms_norm]") {
  etch::front::recorder r;
  text const x(r, ir::add_input(r.graph, text::type));
  auto const y = etch::rms_norm("norm", x, 1e-6f);
  STATIC_REQUIRE(std::is_same_v<decltype(y), text const>);
  REQUIRE(r.graph.name_of(1) == "norm.weight");
  REQUIRE(r.graph[1].type == ir::f32(4));
  REQUIRE(r.graph.attrs_of<op::attrs>(y.id()).epsilon == 1e-6f);
  r.graph.outputs.push_back(etch::rms_norm(y, 1).id());
  REQUIRE(ir::problem_of(r.graph) == nullptr);
}

TEST_CASE("rms_norm refuses what does not fit", "[ops][rms_norm]") {
  auto const x = ir::f32(2, 3, 4);
  REQUIRE(refusal<op>({}, {x, ir::f32(4)}) == "");
  REQUIRE(refusal<op>({}, {x, ir::f32(3)}) == op::bad_weight);
  REQUIRE(refusal<op>({}, {x, ir::f32(3, 4)}) == op::bad_weight);
  REQUIRE(refusal<op>({}, {ir::f32(), ir::f32(1)}) == op::bad_rank);
  REQUIRE(refusal<op>({}, {x, ir::tensor_type{etch::dtype::f64, ir::shape(4)}}) == op::bad_dtype);
}
