#include <etch/passes/row_view.hpp>

#include <random>

#include "pass_test.hpp"

namespace {

using namespace etch_test;
using etch::core::ints;
using passes::row_view;
using passes::strides_in;
using passes::view_of;
using passes::view_of_reduction;

constexpr bool is(passes::reduction_view v, std::int64_t outer, std::int64_t reduced,
                  std::int64_t inner) {
  return v.ok && v.outer == outer && v.reduced == reduced && v.inner == inner;
}
constexpr bool is(row_view v, std::int64_t rows, std::int64_t cols) {
  return v.rows == rows && v.cols == cols;
}
constexpr bool is(passes::row_strides s, std::int64_t row, std::int64_t col) {
  return s.ok && s.row == row && s.col == col;
}

template <class Op>
constexpr row_view view_behind(ir::tensor_type const& x, ir::attrs_of<Op> const& attributes) {
  net g;
  auto const in = ir::add_input(g, x);
  auto const y = g.add_op<Op>({in}, attributes);
  return view_of(g, g[y]);
}

/// Where an operand's element for an element of the result is, by counting through all axes.
std::int64_t offset_in(ir::shape const& operand, ir::shape const& result, std::int64_t element) {
  std::int64_t offset = 0, stride = 1;
  for (int i = 1; i <= result.rank; ++i) {
    std::int64_t const whole = result[result.rank - i];
    std::int64_t const own = i <= operand.rank ? operand[operand.rank - i] : 1;
    if (own != 1) offset += element % whole * stride;
    stride *= own;
    element /= whole;
  }
  return offset;
}

}  // namespace

TEST_CASE("a reduction is seen as outer, reduced and inner", "[passes][row_view]") {
  ir::shape const x(2, 3, 4, 5);
  STATIC_REQUIRE(is(view_of_reduction(ir::shape(2, 3, 4, 5), ints<6>{3}), 24, 5, 1));
  REQUIRE(is(view_of_reduction(x, ints<6>{0}), 1, 2, 60));
  REQUIRE(is(view_of_reduction(x, ints<6>{1, 2}), 2, 12, 5));
  REQUIRE(is(view_of_reduction(x, ints<6>{0, 1, 2, 3}), 1, 120, 1));
  REQUIRE(is(view_of_reduction(x, ints<6>{}), 120, 1, 1));
  REQUIRE_FALSE(view_of_reduction(x, ints<6>{0, 2}).ok);
  REQUIRE_FALSE(view_of_reduction(x, ints<6>{1, 3}).ok);
}

TEST_CASE("extents of 1 part no axes of a reduction", "[passes][row_view]") {
  ir::shape const x(2, 1, 3, 1, 4);
  STATIC_REQUIRE(is(view_of_reduction(ir::shape(2, 1, 3, 1, 4), ints<6>{0, 2}), 1, 6, 4));
  REQUIRE(is(view_of_reduction(x, ints<6>{1}), 24, 1, 1));
  REQUIRE(is(view_of_reduction(x, ints<6>{1, 2, 3}), 2, 3, 4));
}

TEST_CASE("a step's result is seen as rows and columns", "[passes][row_view]") {
  STATIC_REQUIRE(is(view_behind<ops::softmax>(f32(2, 3, 4), {.axis = 2}), 6, 4));
  REQUIRE(is(view_behind<ops::softmax>(f32(4), {.axis = 0}), 1, 4));
  REQUIRE(view_behind<ops::softmax>(f32(2, 3, 4), {.axis = 1}).rows == 0);
  REQUIRE(is(view_behind<ops::reduce_sum>(f32(2, 3, 4), {.axes = {1}}), 2, 4));
  REQUIRE(is(view_behind<ops::reduce_sum>(f32(2, 3, 4), {.axes = {2}, .keepdims = true}), 6, 1));
  REQUIRE(is(view_behind<ops::reduce_mean>(f32(2, 3, 4), {.axes = {0, 1, 2}}), 1, 1));
  REQUIRE(view_behind<ops::reduce_sum>({dtype::i32, ir::shape(2, 3)}, {.axes = {1}}).rows == 0);
  REQUIRE(is(view_behind<ops::max_pool2d>(f32(1, 4, 4, 3), {.channels_last = true}), 4, 3));
  REQUIRE(view_behind<ops::max_pool2d>(f32(1, 3, 4, 4), {}).rows == 0);
  REQUIRE(view_behind<ops::relu>(f32(4), {}).rows == 0);
}

TEST_CASE("an operand is addressed by row and column where it broadcasts so",
          "[passes][row_view]") {
  ir::shape const result(2, 3, 4);
  row_view const view{6, 4};
  STATIC_REQUIRE(is(strides_in({6, 4}, ir::shape(2, 3, 4), ir::shape(2, 3, 4)), 4, 1));
  REQUIRE(is(strides_in(view, result, ir::shape(4)), 0, 1));
  REQUIRE(is(strides_in(view, result, ir::shape(1, 1, 4)), 0, 1));
  REQUIRE(is(strides_in(view, result, ir::shape(2, 3, 1)), 1, 0));
  REQUIRE(is(strides_in(view, result, ir::shape()), 0, 0));
  REQUIRE(is(strides_in(view, result, ir::shape(1, 1)), 0, 0));
  REQUIRE_FALSE(strides_in(view, result, ir::shape(3, 1)).ok);  // some rows
  REQUIRE_FALSE(strides_in(view, result, ir::shape(3, 4)).ok);
  REQUIRE_FALSE(strides_in({2, 12}, result, ir::shape(4)).ok);  // some columns
  REQUIRE(is(strides_in({2, 12}, result, ir::shape(2, 1, 1)), 1, 0));
  REQUIRE(is(strides_in({24, 1}, result, ir::shape(2, 3, 4)), 1, 0));
}

TEST_CASE("row and column strides find the element that broadcasting means", "[passes][row_view]") {
  std::mt19937 random(3);
  auto const below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  int addressed = 0;
  for (int round = 0; round < 4000; ++round) {
    ir::shape result;
    int const rank = 1 + below(5), split = below(rank + 1);
    for (int i = 0; i < rank; ++i) result.push_back(1 + below(3));
    row_view const view{result.product(0, split), result.product(split, rank)};
    ir::shape operand;
    int const own_rank = below(rank + 1);
    for (int i = rank - own_rank; i < rank; ++i) operand.push_back(below(2) ? 1 : result[i]);
    auto const strides = strides_in(view, result, operand);
    if (!strides.ok) continue;
    ++addressed;
    for (std::int64_t i = 0; i < result.elements(); ++i) {
      std::int64_t const at = i / view.cols * strides.row + i % view.cols * strides.col;
      REQUIRE(at == offset_in(operand, result, i));
    }
  }
  REQUIRE(addressed > 1000);
}
