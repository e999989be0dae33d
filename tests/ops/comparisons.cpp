#include <cmath>

#include <etch/ops/elementwise_ops.hpp>

#include "ops/reference_run.hpp"

namespace {

using namespace etch_test;
namespace ops = etch::ops;

template <class Op, class T, class Relation>
void check_pairs(list<T> const& values, Relation relation) {
  auto const [a, b] = all_pairs(values);
  list<bool> const y = run<Op, bool>({}, a, b);
  for (std::size_t i = 0; i < y.size(); ++i) {
    INFO(Op::key.view() << "(" << +a.values[i] << ", " << +b.values[i] << ") is " << y[i]);
    REQUIRE(y[i] == relation(a.values[i], b.values[i]));
  }
}

template <class T>
void check_comparisons(list<T> const& values) {
  check_pairs<ops::less>(values, [](T a, T b) { return a < b; });
  check_pairs<ops::less_equal>(values, [](T a, T b) { return a <= b; });
  check_pairs<ops::greater>(values, [](T a, T b) { return a > b; });
  check_pairs<ops::greater_equal>(values, [](T a, T b) { return a >= b; });
  check_pairs<ops::equal>(values, [](T a, T b) { return a == b; });
  check_pairs<ops::not_equal>(values, [](T a, T b) { return a != b; });
}

template <class T>
void check_where(list<T> const& values) {
  auto const [a, b] = all_pairs(values);
  operand<bool> condition{a.shape, {}};
  for (std::size_t i = 0; i < a.values.size(); ++i) condition.values.push_back(i % 3 == 0);
  list<T> const y = run<ops::where, T>({}, condition, a, b);
  for (std::size_t i = 0; i < y.size(); ++i) {
    T const expected = i % 3 == 0 ? a.values[i] : b.values[i];
    REQUIRE((y[i] == expected || (y[i] != y[i] && expected != expected)));
  }
}

list<bool> const truths{false, true};

}  // namespace

TEST_CASE("comparisons are those of C++, for NaN too", "[ops]") {
  check_comparisons(floating_values<float>(12, 2.0, 1));
  check_comparisons(floating_values<double>(12, 2.0, 1));
}

TEST_CASE("integers and bool compare as numbers", "[ops]") {
  check_comparisons(integer_values<std::int8_t>(12, 1));
  check_comparisons(integer_values<std::uint8_t>(12, 1));
  check_comparisons(integer_values<std::int32_t>(12, 1));
  check_comparisons(integer_values<std::int64_t>(12, 1));
  check_comparisons(truths);
}

TEST_CASE("logical operators are those of C++", "[ops]") {
  check_pairs<ops::logical_and>(truths, [](bool a, bool b) { return a && b; });
  check_pairs<ops::logical_or>(truths, [](bool a, bool b) { return a || b; });
  list<bool> const inverted = run<ops::logical_not, bool>({}, row(truths));
  REQUIRE(inverted == list<bool>{true, false});
}

TEST_CASE("where takes from the first where the condition is true", "[ops]") {
  check_where(floating_values<float>(5, 4.0, 9));
  check_where(floating_values<double>(5, 4.0, 9));
  check_where(integer_values<std::int8_t>(5, 9));
  check_where(integer_values<std::uint8_t>(5, 9));
  check_where(integer_values<std::int32_t>(5, 9));
  check_where(integer_values<std::int64_t>(5, 9));
  check_where(truths);
}
