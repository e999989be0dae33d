#include <etch/ops/matmul.hpp>

#include "ops/structured_case.hpp"

namespace {

using namespace structured;
using etch::tensor;

template <class A, class B>
using product = decltype(etch::matmul(std::declval<A>(), std::declval<B>()));

/// Batches of a and b repeat where their extent is 1; the inner axis is the outermost loop.
array by_inner_axis(array a, array b) {
  int const m = a.extents[2], k = a.extents[3], n = b.extents[3];
  int const outer = std::max(a.extents[0], b.extents[0]);
  int const inner = std::max(a.extents[1], b.extents[1]);
  array y({outer, inner, m, n});
  for (int i = 0; i < k; ++i)
    for (int o = 0; o < outer; ++o)
      for (int p = 0; p < inner; ++p)
        for (int c = 0; c < n; ++c)
          for (int r = 0; r < m; ++r)
            y.at({o, p, r, c}) += a.at({o % a.extents[0], p % a.extents[1], r, i}) *
                                  b.at({o % b.extents[0], p % b.extents[1], i, c});
  return y;
}

template <class T>
void broadcasts() {
  generator from(5);
  for (int trial = 0; trial < 40; ++trial) {
    int const m = pick(from, 1, 6), k = pick(from, 1, 12), n = pick(from, 1, 6);
    int const o = pick(from, 1, 3), p = pick(from, 1, 3);
    array const a =
        random_array<T>(from, {pick(from, 0, 1) ? o : 1, pick(from, 0, 1) ? p : 1, m, k});
    array const b =
        random_array<T>(from, {pick(from, 0, 1) ? o : 1, pick(from, 0, 1) ? p : 1, k, n});
    require_close<T>(run<etch::ops::matmul, T>({}, operand<T>(a), operand<T>(b)),
                     by_inner_axis(a, b));
  }
}

}  // namespace

TEST_CASE("matmul multiplies matrices and broadcasts batches in float", "[ops][matmul]") {
  broadcasts<float>();
}
TEST_CASE("matmul multiplies matrices and broadcasts batches in double", "[ops][matmul]") {
  broadcasts<double>();
}

TEST_CASE("matmul joins operands of different rank", "[ops][matmul]") {
  STATIC_REQUIRE(std::is_same_v<product<tensor<float, 2, 3>, tensor<float, 3, 4>>,  //
                                tensor<float, 2, 4>>);
  STATIC_REQUIRE(std::is_same_v<product<tensor<float, 2, 3>, tensor<float, 7, 1, 3, 4>>,
                                tensor<float, 7, 1, 2, 4>>);
  STATIC_REQUIRE(std::is_same_v<product<tensor<float, 5, 2, 3>, tensor<float, 7, 1, 3, 4>>,
                                tensor<float, 7, 5, 2, 4>>);
  generator from(9);
  array const a = random_array<float>(from, {3, 2, 5});
  array const b = random_array<float>(from, {5, 4});
  array wide_a = a, wide_b = b;
  wide_a.extents = {1, 3, 2, 5};
  wide_b.extents = {1, 1, 5, 4};
  array expected = by_inner_axis(wide_a, wide_b);
  expected.extents = {3, 2, 4};
  require_close<float>(run<etch::ops::matmul, float>({}, operand<float>(a), operand<float>(b)),
                       expected);
}

TEST_CASE("matmul counts two operations per product", "[ops][matmul]") {
  std::array const in{ir::f32(2, 5, 4), ir::f32(4, 3)};
  REQUIRE(etch::ops::matmul::flops(in, ir::f32(2, 5, 3), {}) == 2 * 2 * 5 * 3 * 4);
}

TEST_CASE("matmul refuses what does not fit", "[ops][matmul]") {
  using op = etch::ops::matmul;
  REQUIRE(refusal<op>({}, {ir::f32(2, 3), ir::f32(4, 2)}) == op::bad_inner);
  REQUIRE(refusal<op>({}, {ir::f32(3), ir::f32(3, 2)}) == op::bad_rank);
  REQUIRE(refusal<op>({}, {ir::f32(2, 2, 3), ir::f32(3, 3, 2)}) == op::bad_batch);
  REQUIRE(refusal<op>({}, {ir::f32(2, 3), {ir::dtype::f64, ir::shape(3, 2)}}) == op::bad_dtype);
}
