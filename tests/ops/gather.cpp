#include <etch/ops/embedding.hpp>
#include <etch/ops/gather.hpp>

#include "ops/structured_case.hpp"

namespace {

using namespace structured;
using etch::tensor;
using op = etch::ops::gather;

template <class T, class Index>
void every_axis() {
  generator from(81);
  for (int trial = 0; trial < 10; ++trial) {
    std::vector<int> const shape{pick(from, 1, 4), pick(from, 1, 5), pick(from, 1, 4)};
    array table = random_array<T>(from, shape, 1, 100);
    for (int axis = 0; axis < 3; ++axis) {
      int const extent = shape[static_cast<std::size_t>(axis)];
      int const rows = pick(from, 1, 3), cols = pick(from, 1, 3);
      array indices = random_array<Index>(from, {rows, cols}, -extent - 2, extent + 3);
      std::vector<int> to = shape;
      to.erase(to.begin() + axis);
      to.insert(to.begin() + axis, {rows, cols});
      array expected(to);
      for (int i = 0; i < to[0]; ++i) {
        for (int j = 0; j < to[1]; ++j) {
          for (int k = 0; k < to[2]; ++k) {
            for (int l = 0; l < to[3]; ++l) {
              int const at[] = {i, j, k, l};
              int index = static_cast<int>(indices.at({at[axis], at[axis + 1]}));
              bool const inside = index >= -extent && index < extent;
              index = inside ? (index + extent) % extent : 0;
              double const value = axis == 0   ? table.at({index, k, l})
                                   : axis == 1 ? table.at({i, index, l})
                                               : table.at({i, j, index});
              double const none = std::is_floating_point_v<T> ? std::nan("") : 0.0;
              expected.at({i, j, k, l}) = inside ? value : none;
            }
          }
        }
      }
      require_same(run<op, T>({axis}, operand<T>(table), operand<Index>(indices)), expected);
    }
  }
}

}  // namespace

TEST_CASE("gather along every axis, indices of both signs and outside", "[ops][gather]") {
  every_axis<float, std::int32_t>();
  every_axis<double, std::int64_t>();
  every_axis<std::int32_t, std::int64_t>();
  every_axis<std::uint8_t, std::int32_t>();
}

TEST_CASE("gather survives the extreme indices", "[ops][gather]") {
  operand<std::int64_t> indices(ir::tensor_type{ir::dtype::i64, ir::shape(2)});
  indices.data()[0] = std::numeric_limits<std::int64_t>::min();
  indices.data()[1] = std::numeric_limits<std::int64_t>::max();
  array const y = run<op, float>({0}, operand<float>(array({3}, 5)), indices);
  REQUIRE(std::isnan(y.values[0]));
  REQUIRE(std::isnan(y.values[1]));
}

TEST_CASE("gather puts the shape of the indices in the place of the axis", "[ops][gather]") {
  using table = tensor<std::uint8_t, 4, 5, 6>;
  using indices = tensor<std::int64_t, 2, 3>;
  etch::front::recorder r;
  table const t(r, ir::add_input(r.graph, table::type));
  indices const i(r, ir::add_input(r.graph, indices::type));
  tensor<int> const one(r, ir::add_input(r.graph, tensor<int>::type));
  STATIC_REQUIRE(std::is_same_v<decltype(etch::gather(t, i)),  //
                                tensor<std::uint8_t, 2, 3, 5, 6>>);
  STATIC_REQUIRE(
      std::is_same_v<decltype(etch::gather<-2>(t, i)), tensor<std::uint8_t, 4, 2, 3, 6>>);
  STATIC_REQUIRE(std::is_same_v<decltype(etch::gather<2>(t, one)), tensor<std::uint8_t, 4, 5>>);
}

TEST_CASE("embedding names its parameter as PyTorch does", "[ops][gather]") {
  using indices = tensor<std::int64_t, 2, 3>;
  etch::front::recorder r;
  indices const i(r, ir::add_input(r.graph, indices::type));
  auto const y = etch::embedding<100, 8>("wte", i);
  STATIC_REQUIRE(std::is_same_v<decltype(y), tensor<float, 2, 3, 8> const>);
  REQUIRE(r.graph.name_of(1) == "wte.weight");
  REQUIRE(r.graph[1].type == ir::f32(100, 8));
  REQUIRE(r.graph.input(y.id(), 0) == 1);
}

TEST_CASE("gather refuses what does not fit", "[ops][gather]") {
  ir::tensor_type const index{ir::dtype::i32, ir::shape(2)};
  REQUIRE(refusal<op>({}, {ir::f32(2, 3), ir::f32(2)}) == op::bad_indices);
  REQUIRE(refusal<op>({2}, {ir::f32(2, 3), index}) == op::bad_axis);
  REQUIRE(refusal<op>({-1}, {ir::f32(2, 3), index}) == op::bad_axis);
  REQUIRE(refusal<op>({}, {ir::f32(1, 1, 1, 1, 1, 1), {ir::dtype::i32, ir::shape(1, 1)}}) ==
          op::bad_rank);
}
