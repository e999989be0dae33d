#include <etch/ops/reduce_max.hpp>
#include <etch/ops/reduce_mean.hpp>
#include <etch/ops/reduce_min.hpp>
#include <etch/ops/reduce_prod.hpp>
#include <etch/ops/reduce_sum.hpp>

#include "ops/structured_case.hpp"

namespace {

using namespace structured;
namespace ops = etch::ops;
using etch::tensor;

struct folded {
  array sum, product, most, least, mean;
};

/// Every element of x goes to the result whose index it has with the axes of `mask` struck out;
/// axes are kept with extent 1.
folded by_scattering(array x, unsigned mask) {
  std::vector<int> kept = x.extents;
  for (std::size_t i = 0; i < 3; ++i)
    if (mask >> i & 1) kept[i] = 1;
  double const infinity = std::numeric_limits<double>::infinity();
  folded y{array(kept), array(kept, 1), array(kept, -infinity), array(kept, infinity), array(kept)};
  for (int i = 0; i < x.extents[0]; ++i) {
    for (int j = 0; j < x.extents[1]; ++j) {
      for (int k = 0; k < x.extents[2]; ++k) {
        auto const to = {mask & 1 ? 0 : i, mask & 2 ? 0 : j, mask & 4 ? 0 : k};
        double const value = x.at({i, j, k});
        y.sum.at(to) += value;
        y.product.at(to) *= value;
        y.most.at(to) = std::max(y.most.at(to), value);
        y.least.at(to) = std::min(y.least.at(to), value);
      }
    }
  }
  double const count =
      static_cast<double>(x.values.size()) / static_cast<double>(y.sum.values.size());
  for (std::size_t i = 0; i < y.sum.values.size(); ++i) y.mean.values[i] = y.sum.values[i] / count;
  return y;
}

array without_axes(array a, unsigned mask) {
  std::vector<int> left;
  for (std::size_t i = 0; i < 3; ++i)
    if (!(mask >> i & 1)) left.push_back(a.extents[i]);
  a.extents = left;
  return a;
}

template <class T>
void every_set_of_axes() {
  generator from(61);
  for (int trial = 0; trial < 10; ++trial) {
    std::vector<int> const shape{pick(from, 1, 4), pick(from, 1, 4), pick(from, 1, 5)};
    array const x = random_array<T>(from, shape, -3, 4);
    for (unsigned mask = 0; mask < 8; ++mask) {
      folded const expected = by_scattering(x, mask);
      ops::reduction::attrs a;
      for (int i = 0; i < 3; ++i)
        if (mask >> i & 1) a.axes.push_back(i);
      operand<T> const in(x);
      require_close<T>(run<ops::reduce_sum, T>(a, in), without_axes(expected.sum, mask));
      require_same(run<ops::reduce_max, T>(a, in), without_axes(expected.most, mask));
      require_same(run<ops::reduce_min, T>(a, in), without_axes(expected.least, mask));
      a.keepdims = true;
      require_same(run<ops::reduce_max, T>(a, in), expected.most);
      if constexpr (std::is_floating_point_v<T>) {
        require_close<T>(run<ops::reduce_prod, T>(a, in), expected.product,
                         std::is_same_v<T, float> ? 1 : 40);
        require_close<T>(run<ops::reduce_mean, T>(a, in), expected.mean);
      }
    }
  }
}

using text = tensor<float, 2, 3, 4>;
template <int... Axes>
using summed = decltype(etch::sum<Axes...>(std::declval<text>()));
template <int... Axes>
using kept = decltype(etch::sum<Axes...>(std::declval<text>(), etch::keepdims));

}  // namespace

TEST_CASE("reductions over every set of axes in float", "[ops][reduce]") {
  every_set_of_axes<float>();
}
TEST_CASE("reductions over every set of axes in double", "[ops][reduce]") {
  every_set_of_axes<double>();
}
TEST_CASE("reductions over every set of axes in int32 and int64", "[ops][reduce]") {
  every_set_of_axes<std::int32_t>();
  every_set_of_axes<std::int64_t>();
}

TEST_CASE("sums and products of float are rounded once, at the end", "[ops][reduce]") {
  array x({4});
  x.values = {0x1p25, 1, 1, -0x1p25};
  REQUIRE(run<ops::reduce_sum, float>({{0}}, operand<float>(x)).values[0] == 2.0);
  x.values = {0x1p25, 3, 3, -0x1p25};
  REQUIRE(run<ops::reduce_mean, float>({{0}}, operand<float>(x)).values[0] == 1.5);
  double const a = 1 + 0x1p-12;  // a * a is halfway between two floats
  x.values = {a, a, a, 1};
  REQUIRE(run<ops::reduce_prod, float>({{0}}, operand<float>(x)).values[0] ==
          static_cast<double>(static_cast<float>(a * a * a)));
}

TEST_CASE("sums and products of integers wrap", "[ops][reduce]") {
  array x({2});
  x.values = {2147483647, 1};
  REQUIRE(run<ops::reduce_sum, std::int32_t>({{0}}, operand<std::int32_t>(x)).values[0] ==
          -2147483648.0);
  x.values = {65536, 65536};
  REQUIRE(run<ops::reduce_prod, std::int32_t>({{0}}, operand<std::int32_t>(x)).values[0] == 0.0);
}

TEST_CASE("amax and amin of a line with NaN are NaN", "[ops][reduce]") {
  array x({2, 3});
  x.values = {1, std::nan(""), 3, 4, 5, 6};
  array const most = run<ops::reduce_max, float>({{1}}, operand<float>(x));
  REQUIRE(std::isnan(most.values[0]));
  REQUIRE(most.values[1] == 6.0);
  REQUIRE(std::isnan(run<ops::reduce_min, float>({{1}}, operand<float>(x)).values[0]));
}

TEST_CASE("reductions compute the shape of their result", "[ops][reduce]") {
  STATIC_REQUIRE(std::is_same_v<summed<>, tensor<float>>);
  STATIC_REQUIRE(std::is_same_v<summed<0>, tensor<float, 3, 4>>);
  STATIC_REQUIRE(std::is_same_v<summed<-1, 0>, tensor<float, 3>>);
  STATIC_REQUIRE(std::is_same_v<kept<>, tensor<float, 1, 1, 1>>);
  STATIC_REQUIRE(std::is_same_v<kept<1>, tensor<float, 2, 1, 4>>);
}

TEST_CASE("axes are stored from the front and ascending", "[ops][reduce]") {
  using etch::core::ints;
  STATIC_REQUIRE(ops::reduced_axes(ints<6>(-1, 0), 3) == ints<6>(0, 2));
  STATIC_REQUIRE(ops::reduced_axes(ints<6>(2, -2, 0), 3) == ints<6>(0, 1, 2));
  STATIC_REQUIRE(ops::reduced_axes(ints<6>(), 2) == ints<6>(0, 1));
}

TEST_CASE("reductions refuse what does not fit", "[ops][reduce]") {
  auto const x = ir::f32(2, 3);
  REQUIRE(refusal<ops::reduce_sum>({{2}}, {x}) == ops::reduction::bad_axis);
  REQUIRE(refusal<ops::reduce_sum>({{-1}}, {x}) == ops::reduction::bad_axis);
  REQUIRE(refusal<ops::reduce_sum>({{1, 0}}, {x}) == ops::reduction::bad_order);
  REQUIRE(refusal<ops::reduce_sum>({{1, 1}}, {x}) == ops::reduction::bad_order);
  REQUIRE(refusal<ops::reduce_max>({{0}}, {{ir::dtype::u8, x.shape}}) == ops::reduction::bad_dtype);
  REQUIRE(refusal<ops::reduce_mean>({{0}}, {{ir::dtype::i32, x.shape}}) ==
          ops::reduction::bad_mean);
}
