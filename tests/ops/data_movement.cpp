#include <etch/ops/concat.hpp>
#include <etch/ops/identity.hpp>
#include <etch/ops/pad.hpp>
#include <etch/ops/reshape.hpp>
#include <etch/ops/slice.hpp>
#include <etch/ops/transpose.hpp>

#include "ops/structured_case.hpp"

// What the operators that only move elements mean, for every dtype.

namespace {

using namespace structured;
namespace ops = etch::ops;
using etch::core::ints;

template <class T>
array elements(generator& from, std::vector<int> shape) {
  if constexpr (std::is_same_v<T, bool>)
    return random_array<int>(from, std::move(shape), 0, 2);
  else
    return random_array<T>(from, std::move(shape), 0, 100);
}

template <class T>
void transposes(generator& from) {
  array x = elements<T>(from, {2, 3, 4});
  int const orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  for (auto const& perm : orders) {
    auto const extent = [&](int i) { return x.extents[static_cast<std::size_t>(perm[i])]; };
    array expected({extent(0), extent(1), extent(2)});
    for (int i = 0; i < 2; ++i) {
      for (int j = 0; j < 3; ++j) {
        for (int k = 0; k < 4; ++k) {
          int const at[] = {i, j, k};
          expected.at({at[perm[0]], at[perm[1]], at[perm[2]]}) = x.at({i, j, k});
        }
      }
    }
    require_same(run<ops::transpose, T>({ints<6>(perm[0], perm[1], perm[2])}, operand<T>(x)),
                 expected);
  }
}

template <class T>
void slices(generator& from) {
  for (int trial = 0; trial < 20; ++trial) {
    int const h = pick(from, 1, 7), w = pick(from, 1, 7);
    array x = elements<T>(from, {h, w});
    int const top = pick(from, 0, h - 1), left = pick(from, 0, w - 1);
    int const down = pick(from, 1, 3), along = pick(from, 1, 3);
    std::vector<std::vector<double>> rows;
    for (int i = top; i < h; i += down) {
      rows.emplace_back();
      for (int j = left; j < w; j += along) rows.back().push_back(x.at({i, j}));
    }
    array expected({static_cast<int>(rows.size()), static_cast<int>(rows[0].size())});
    expected.values.clear();
    for (auto const& row : rows)
      expected.values.insert(expected.values.end(), row.begin(), row.end());
    ops::slice::attrs const a{{top, left}, {rows.size(), rows[0].size()}, {down, along}};
    require_same(run<ops::slice, T>(a, operand<T>(x)), expected);
  }
}

template <class T>
void concats(generator& from) {
  for (int axis = 0; axis < 3; ++axis) {
    std::vector<int> shape{2, 3, 2};
    std::vector<array> parts;
    int total = 0;
    for (int extent : {1, 3, 2}) {
      shape[static_cast<std::size_t>(axis)] = extent;
      parts.push_back(elements<T>(from, shape));
      total += extent;
    }
    shape[static_cast<std::size_t>(axis)] = total;
    array expected(shape);
    int start = 0;
    for (array& part : parts) {
      for (int i = 0; i < part.extents[0]; ++i)
        for (int j = 0; j < part.extents[1]; ++j)
          for (int k = 0; k < part.extents[2]; ++k)
            expected.at({i + (axis == 0 ? start : 0), j + (axis == 1 ? start : 0),
                         k + (axis == 2 ? start : 0)}) = part.at({i, j, k});
      start += part.extents[static_cast<std::size_t>(axis)];
    }
    require_same(run<ops::concat, T>({axis}, operand<T>(parts[0]), operand<T>(parts[1]),
                                     operand<T>(parts[2])),
                 expected);
  }
}

template <class T>
void pads(generator& from) {
  array x = elements<T>(from, {2, 3});
  array expected({2 + 1 + 2, 3 + 4}, 1);
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j) expected.at({i + 1, j + 4}) = x.at({i, j});
  require_same(run<ops::pad, T>({{1, 4}, {2, 0}, 1.0f}, operand<T>(x)), expected);
}

template <class T>
void every_operator() {
  generator from(71);
  transposes<T>(from);
  slices<T>(from);
  concats<T>(from);
  pads<T>(from);
  array x = elements<T>(from, {2, 6});
  require_same(run<ops::identity, T>({}, operand<T>(x)), x);
  array const y = run<ops::reshape, T>({{3, 4, 1}}, operand<T>(x));
  x.extents = {3, 4, 1};
  require_same(y, x);
}

}  // namespace

TEST_CASE("data movement in float", "[ops][movement]") { every_operator<float>(); }
TEST_CASE("data movement in double", "[ops][movement]") { every_operator<double>(); }
TEST_CASE("data movement in integers and bool", "[ops][movement]") {
  every_operator<std::int8_t>();
  every_operator<std::uint8_t>();
  every_operator<std::int32_t>();
  every_operator<std::int64_t>();
  every_operator<bool>();
}

TEST_CASE("data movement works without axes", "[ops][movement]") {
  array x(std::vector<int>{}, 7);
  require_same(run<ops::transpose, float>({}, operand<float>(x)), x);
  require_same(run<ops::slice, float>({}, operand<float>(x)), x);
  require_same(run<ops::pad, float>({}, operand<float>(x)), x);
  array const line = run<ops::reshape, float>({{1}}, operand<float>(x));
  REQUIRE(line.extents == std::vector<int>{1});
}

TEST_CASE("data movement refuses what does not fit", "[ops][movement]") {
  auto const x = ir::f32(2, 6);
  REQUIRE(refusal<ops::reshape>({{5, 2}}, {x}) == ops::reshape::bad_elements);
  REQUIRE(refusal<ops::reshape>({{-1, 2}}, {x}) == ops::reshape::bad_extent);
  REQUIRE(refusal<ops::reshape>({{0, 2}}, {x}) == ops::reshape::bad_extent);
  REQUIRE(refusal<ops::transpose>({{0}}, {x}) == ops::transpose::bad_count);
  REQUIRE(refusal<ops::transpose>({{0, -1}}, {x}) == ops::transpose::bad_axis);
  REQUIRE(refusal<ops::transpose>({{0, 2}}, {x}) == ops::transpose::bad_axis);
  REQUIRE(refusal<ops::transpose>({{1, 1}}, {x}) == ops::transpose::bad_order);
  REQUIRE(refusal<ops::concat>({2}, {x, x}) == ops::concat::bad_axis);
  REQUIRE(refusal<ops::concat>({-1}, {x, x}) == ops::concat::bad_axis);
  REQUIRE(refusal<ops::concat>({1}, {x, ir::f32(3, 6)}) == ops::concat::bad_extent);
  REQUIRE(refusal<ops::concat>({1}, {x, ir::f32(2)}) == ops::concat::bad_rank);
  REQUIRE(refusal<ops::concat>({1}, {x, {ir::dtype::i32, x.shape}}) == ops::concat::bad_dtype);
  REQUIRE(refusal<ops::slice>({{0, 5}, {2, 1}, {1, 1}}, {x}) == "");
  REQUIRE(refusal<ops::slice>({{0, 6}, {2, 1}, {1, 1}}, {x}) == ops::slice::bad_range);
  REQUIRE(refusal<ops::slice>({{0, -1}, {2, 1}, {1, 1}}, {x}) == ops::slice::bad_range);
  REQUIRE(refusal<ops::slice>({{0, 0}, {2, 0}, {1, 1}}, {x}) == ops::slice::bad_range);
  REQUIRE(refusal<ops::slice>({{0, 0}, {2, 3}, {1, 2}}, {x}) == "");
  REQUIRE(refusal<ops::slice>({{0, 0}, {2, 4}, {1, 2}}, {x}) == ops::slice::bad_range);
  REQUIRE(refusal<ops::slice>({{0, 0}, {2, 3}, {1, 0}}, {x}) == ops::slice::bad_step);
  REQUIRE(refusal<ops::slice>({{0}, {2}, {1}}, {x}) == ops::slice::malformed);
  REQUIRE(refusal<ops::pad>({{0}, {1}}, {x}) == ops::pad::malformed);
  REQUIRE(refusal<ops::pad>({{0, 0}, {1, -1}}, {x}) == ops::pad::bad_margin);
}
