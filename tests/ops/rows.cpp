#include <etch/ops/rows_like.hpp>
#include <etch/ops/slice_rows.hpp>

#include "ops/structured_case.hpp"

namespace {

using namespace structured;
namespace ops = etch::ops;
using etch::to_end;

/// Rows [begin, end) of x.
array part(array& x, int begin, int end) {
  array of({end - begin, 3});
  for (int i = begin; i < end; ++i) {
    for (int k = 0; k < 3; ++k) of.at({i - begin, k}) = x.at({i, k});
  }
  return of;
}

}  // namespace

TEST_CASE("slice_rows counts from either end", "[ops][slice_rows]") {
  generator from(5);
  array x = random_array<int>(from, {7, 3}, 0, 100);
  auto const rows = [&](int start, int stop) {
    return run<ops::slice_rows, float>({start, stop}, operand<float>(x));
  };
  require_same(rows(0, to_end), x);
  require_same(rows(-1, to_end), part(x, 6, 7));
  require_same(rows(2, to_end), part(x, 2, 7));
  require_same(rows(1, -2), part(x, 1, 5));
  require_same(rows(-4, -1), part(x, 3, 6));
  require_same(rows(0, 3), part(x, 0, 3));
}

TEST_CASE("slice_rows refuses what is empty or outside", "[ops][slice_rows]") {
  auto const problem = [](ops::slice_rows::attrs const& a) {
    ir::tensor_type const x[] = {ir::f32(4, 3)};
    return ops::slice_rows::infer(x, a).problem;
  };
  STATIC_REQUIRE(problem({3, to_end}) == nullptr);
  STATIC_REQUIRE(problem({4, to_end}) == &ops::slice_rows::outside[0]);
  STATIC_REQUIRE(problem({-5, to_end}) == &ops::slice_rows::outside[0]);
  STATIC_REQUIRE(problem({2, 2}) == &ops::slice_rows::outside[0]);
  STATIC_REQUIRE(problem({0, 5}) == &ops::slice_rows::outside[0]);
}

TEST_CASE("rows_like takes the first rows of a table", "[ops][rows_like]") {
  generator from(6);
  array table = random_array<int>(from, {7, 3}, 0, 100), x = random_array<int>(from, {4, 2}, 0, 9);
  require_same(run<ops::rows_like, float>({}, operand<float>(table), operand<float>(x)),
               part(table, 0, 4));
}
