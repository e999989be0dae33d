#include <string>

#include <etch/ir/print.hpp>
#include <etch/ops/elementwise_ops.hpp>

#include "ops/reference_run.hpp"

// Random shapes against an index computation that knows nothing of strides: the coordinates of an
// element, counted from the last axis, with 0 where an operand has extent 1.

namespace {

using namespace etch_test;
namespace ops = etch::ops;

class shape_maker {
 public:
  explicit shape_maker(unsigned seed) : random_(seed) {}

  ir::shape whole() {
    ir::shape s;
    int const rank = upto(ir::max_rank);
    for (int i = 0; i < rank; ++i) s.push_back(1 + upto(3));
    return s;
  }
  /// Broadcasts to `whole`: leading axes are missing, others are 1.
  ir::shape part_of(ir::shape const& whole) {
    ir::shape s;
    int const first = upto(whole.rank);
    for (int i = first; i < whole.rank; ++i) s.push_back(upto(2) == 0 ? 1 : whole[i]);
    return s;
  }
  template <class T>
  operand<T> filled(ir::shape const& s) {
    operand<T> x{s, {}};
    for (std::int64_t i = 0; i < s.elements(); ++i)
      x.values.push_back(static_cast<T>(std::is_same_v<T, bool> ? upto(1) : upto(1000) - 500));
    return x;
  }

 private:
  int upto(int last) { return std::uniform_int_distribution<int>(0, last)(random_); }
  std::mt19937 random_;
};

/// What element `flat` of the result reads of an operand.
template <class T>
T read(operand<T> const& x, ir::shape const& result, std::int64_t flat) {
  std::int64_t offset = 0, stride = 1;
  for (int back = 1; back <= result.rank; ++back) {
    std::int64_t const coordinate = flat % result[result.rank - back];
    flat /= result[result.rank - back];
    if (back > x.shape.rank) continue;
    std::int64_t const extent = x.shape[x.shape.rank - back];
    offset += (extent == 1 ? 0 : coordinate) * stride;
    stride *= extent;
  }
  return x.values[static_cast<std::size_t>(offset)];
}

/// The extents of both, the larger of each pair counted from the last.
ir::shape joined(ir::shape const& a, ir::shape const& b) {
  ir::shape result = a.rank > b.rank ? a : b;
  ir::shape const& other = a.rank > b.rank ? b : a;
  for (int back = 1; back <= other.rank; ++back) {
    if (other[other.rank - back] > result[result.rank - back])
      result[result.rank - back] = other[other.rank - back];
  }
  return result;
}

}  // namespace

TEST_CASE("two operands broadcast as in NumPy", "[ops][broadcast]") {
  shape_maker make(42);
  for (int round = 0; round < 300; ++round) {
    ir::shape const whole = make.whole();
    auto const a = make.filled<float>(make.part_of(whole));
    auto const b = make.filled<float>(make.part_of(whole));
    ir::shape const result = joined(a.shape, b.shape);
    INFO(ir::to_string(a.shape) << " - " << ir::to_string(b.shape));
    list<float> const y = run<ops::sub, float>({}, a, b);
    list<bool> const less = run<ops::less, bool>({}, a, b);
    REQUIRE(static_cast<std::int64_t>(y.size()) == result.elements());
    for (std::int64_t i = 0; i < result.elements(); ++i) {
      auto const at = static_cast<std::size_t>(i);
      REQUIRE(y[at] == read(a, result, i) - read(b, result, i));
      REQUIRE(less[at] == (read(a, result, i) < read(b, result, i)));
    }
  }
}

TEST_CASE("a condition and two values broadcast together", "[ops][broadcast]") {
  shape_maker make(43);
  for (int round = 0; round < 300; ++round) {
    ir::shape const whole = make.whole();
    auto const c = make.filled<bool>(make.part_of(whole));
    auto const a = make.filled<std::int32_t>(make.part_of(whole));
    auto const b = make.filled<std::int32_t>(make.part_of(whole));
    ir::shape const result = joined(joined(a.shape, b.shape), c.shape);
    INFO(ir::to_string(c.shape) << " " << ir::to_string(a.shape) << " " << ir::to_string(b.shape));
    list<std::int32_t> const y = run<ops::where, std::int32_t>({}, c, a, b);
    REQUIRE(static_cast<std::int64_t>(y.size()) == result.elements());
    for (std::int64_t i = 0; i < result.elements(); ++i) {
      auto const expected = read(c, result, i) ? read(a, result, i) : read(b, result, i);
      REQUIRE(y[static_cast<std::size_t>(i)] == expected);
    }
  }
}
