#include <etch/kernels/gather.hpp>

#include "kernels/kernel_test.hpp"

using namespace kernel_test;
using etch::kernels::gather_shape;

namespace {

constexpr long rows = 7;

template <class Index>
block<Index> some_indices() {
  Index const values[] = {
      3, 0, 6, -1, -7, 7, -8, std::numeric_limits<Index>::min(), std::numeric_limits<Index>::max(),
      2};
  block<Index> indices(10);
  std::copy(std::begin(values), std::end(values), indices.begin());
  return indices;
}

/// The row of the table that some_indices()[i] names, or -1.
long row_named(long i) {
  long const named[] = {3, 0, 6, 6, 0, -1, -1, -1, -1, 2};
  return named[i];
}

template <class T, long Width, class Index>
void check_packs() {
  CAPTURE(Width);
  block<T> const table = random_block<T>(rows * Width, 81);
  block<Index> const indices = some_indices<Index>();
  recorder<T> y(10, Width);
  etch::kernels::gather<T, gather_shape{10, rows, Width}>(table.data(), indices.data(), y.in());
  REQUIRE(y.complete());
  for (long i = 0; i < 10; ++i)
    for (long col = 0; col < Width; ++col) {
      long const row = row_named(i);
      if (row < 0)
        CHECK(std::isnan(y(i, col)));
      else
        CHECK(y(i, col) == table[row * Width + col]);
    }
}

template <class T, long Width, class Index>
block<T> gathered(block<T> const& table) {
  block<Index> const indices = some_indices<Index>();
  block<T> y(10 * Width);
  etch::kernels::gather_rows<T, gather_shape{10, rows, Width}>(table.data(), indices.data(),
                                                               y.data());
  return y;
}

}  // namespace

TEST_CASE("gather takes rows by index, from the end if negative, NaN if there is none",
          "[kernels][gather]") {
  check_packs<float, 1, std::int32_t>();
  check_packs<float, 16, std::int64_t>();
  check_packs<float, 37, std::int32_t>();
  check_packs<double, 11, std::int64_t>();
}

TEST_CASE("gather_rows moves rows of any element, zeros where there is none", "[kernels][gather]") {
  block<std::int16_t> table(rows * 5);
  for (long i = 0; i < rows * 5; ++i) table[i] = static_cast<std::int16_t>(i + 1);
  auto const y = gathered<std::int16_t, 5, std::int64_t>(table);
  for (long i = 0; i < 10; ++i)
    for (long col = 0; col < 5; ++col) {
      long const row = row_named(i);
      CHECK(y[i * 5 + col] == (row < 0 ? 0 : table[row * 5 + col]));
    }
}

TEST_CASE("gather_rows gives NaN for a missing row of floats", "[kernels][gather]") {
  auto const table = random_block<float>(rows * 3, 82);
  auto const y = gathered<float, 3, std::int32_t>(table);
  for (long i = 0; i < 30; ++i) CHECK(std::isnan(y[i]) == (row_named(i / 3) < 0));
}
