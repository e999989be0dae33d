#include <etch/ir/verify.hpp>
#include <etch/ops/batch_norm.hpp>

#include "ops/structured_case.hpp"

namespace {

using namespace structured;
using etch::parameter;
using etch::tensor;
using op = etch::ops::batch_norm;

template <class T>
void channel_by_channel() {
  generator from(31);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<int> const shape{pick(from, 1, 3), pick(from, 1, 4), pick(from, 1, 5)};
    array x = random_array<T>(from, shape);
    for (int axis = 0; axis < 3; ++axis) {
      int const channels = shape[static_cast<std::size_t>(axis)];
      array gamma = random_array<T>(from, {channels}), beta = random_array<T>(from, {channels});
      array mean = random_array<T>(from, {channels});
      array variance = random_array<T>(from, {channels}, 0.1, 2.0);
      float const epsilon = 1e-3f;
      array expected(shape);
      for (int k = 0; k < shape[2]; ++k) {
        for (int j = 0; j < shape[1]; ++j) {
          for (int i = 0; i < shape[0]; ++i) {
            int const c = axis == 0 ? i : axis == 1 ? j : k;
            double const deviation = std::sqrt(variance.at({c}) + static_cast<double>(epsilon));
            expected.at({i, j, k}) =
                gamma.at({c}) * ((x.at({i, j, k}) - mean.at({c})) / deviation) + beta.at({c});
          }
        }
      }
      array const y =
          run<op, T>({.axis = axis, .epsilon = epsilon}, operand<T>(x), operand<T>(gamma),
                     operand<T>(beta), operand<T>(mean), operand<T>(variance));
      require_close<T>(y, expected);
    }
  }
}

using image = tensor<float, 2, 3, 4, 5>;

}  // namespace

TEST_CASE("batch_norm along every axis in float", "[ops][batch_norm]") {
  channel_by_channel<float>();
}
TEST_CASE("batch_norm along every axis in double", "[ops][batch_norm]") {
  channel_by_channel<double>();
}

TEST_CASE("batch_norm names its parameters as PyTorch does", "[ops][batch_norm]") {
  etch::front::recorder r;
  image const x(r, ir::add_input(r.graph, image::type));
  auto const y = etch::batch_norm("bn1", x);
  STATIC_REQUIRE(std::is_same_v<decltype(y), image const>);
  char const* const names[] = {"bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var"};
  for (int i = 0; i < 4; ++i) {
    REQUIRE(r.graph.name_of(i + 1) == names[i]);
    REQUIRE(r.graph[i + 1].type == ir::f32(3));
  }
  auto const a = r.graph.attrs_of<op::attrs>(y.id());
  REQUIRE(a.axis == 1);
  REQUIRE(a.epsilon == 1e-5f);
}

TEST_CASE("batch_norm takes the axis from the end, epsilon, and numbers", "[ops][batch_norm]") {
  etch::front::recorder r;
  image const x(r, ir::add_input(r.graph, image::type));
  auto const y =
      etch::batch_norm<-1>(x, 1, 0.5, parameter<float, 5>("m"), parameter<float, 5>("v"), 1e-3f);
  auto const a = r.graph.attrs_of<op::attrs>(y.id());
  REQUIRE(a.axis == 3);
  REQUIRE(a.epsilon == 1e-3f);
  REQUIRE(r.graph[1].type == ir::f32(5));
  REQUIRE(ir::constant_value(r.graph, 1) == 1.0);
  REQUIRE(ir::constant_value(r.graph, 2) == 0.5);
  r.graph.outputs.push_back(y.id());
  REQUIRE(ir::problem_of(r.graph) == nullptr);
}

TEST_CASE("batch_norm refuses what does not fit", "[ops][batch_norm]") {
  auto const x = ir::f32(2, 3);
  auto const c = ir::f32(3);
  REQUIRE(refusal<op>({}, {x, c, c, c, c}) == "");
  REQUIRE(refusal<op>({}, {x, c, c, c, ir::f32(1)}) == op::bad_weight);
  REQUIRE(refusal<op>({.axis = 0}, {x, c, c, c, c}) == op::bad_weight);
  REQUIRE(refusal<op>({.axis = -1}, {x, c, c, c, c}) == op::bad_axis);
  REQUIRE(refusal<op>({.axis = 2}, {x, c, c, c, c}) == op::bad_axis);
  REQUIRE(refusal<op>({}, {x, c, c, c, {ir::dtype::f64, c.shape}}) == op::bad_dtype);
}
