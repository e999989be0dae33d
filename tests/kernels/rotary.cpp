#include <etch/kernels/rotary.hpp>
#include <etch/ops/rotary_embedding.hpp>

#include "kernels/kernel_test.hpp"

using namespace kernel_test;
using etch::rotary_pairing;
using etch::kernels::rotary_shape;

namespace {

constexpr rotary_pairing pairing_of(rotary_shape s) {
  return s.adjacent ? rotary_pairing::adjacent : rotary_pairing::halves;
}

template <class T, rotary_shape S>
block<T> table() {
  using table_op = etch::ops::rotary_table;
  constexpr table_op::attrs a{.pairing = pairing_of(S),
                              .positions = static_cast<int>(S.positions),
                              .dims = static_cast<int>(S.dims),
                              .base = 100,
                              .type = etch::ir::dtype_of<T>};
  block<T> angles(S.positions * table_op::width(a));
  table_op::reference(
      {},
      {angles.data(), {etch::ir::dtype_of<T>, etch::ir::shape(S.positions, table_op::width(a))}},
      a);
  return angles;
}

/// Turns by the angles themselves.
template <class T, rotary_shape S>
bool agrees_with_definition(long first) {
  auto const angles = table<T, S>();
  auto const x = random_block<T>(S.batch * S.rows * S.heads * S.width, 61);
  block<T> y(x.size());
  etch::kernels::rotary<T, S>(x.data(), angles.data(), first, y.data());
  for (long line = 0; line < S.batch * S.rows * S.heads; ++line) {
    long const position = first + line / S.heads % S.rows;
    for (long i = 0; i < S.width; ++i) {
      double expected = static_cast<double>(x[line * S.width + i]);
      if (i < S.dims) {
        long const pair = S.adjacent ? i / 2 : i % (S.dims / 2);
        bool const is_second = S.adjacent ? i % 2 == 1 : i >= S.dims / 2;
        long const other = S.adjacent ? i ^ 1 : is_second ? i - S.dims / 2 : i + S.dims / 2;
        double const angle =
            static_cast<double>(position) *
            std::pow(100.0, -2.0 * static_cast<double>(pair) / static_cast<double>(S.dims));
        double const u = expected, v = static_cast<double>(x[line * S.width + other]);
        expected = u * std::cos(angle) + (is_second ? v : -v) * std::sin(angle);
      }
      T const found = y[line * S.width + i];
      if (!(std::fabs(static_cast<double>(found) - expected) <=
            8 * static_cast<double>(std::numeric_limits<T>::epsilon())))
        return false;
    }
  }
  return true;
}

constexpr rotary_shape halves(long rows, long heads, long width, long dims) {
  return {1, rows, heads, width, dims, false, 30};
}
constexpr rotary_shape adjacent(long rows, long heads, long width, long dims) {
  return {1, rows, heads, width, dims, true, 30};
}
constexpr rotary_shape twice(rotary_shape s) {
  s.batch = 2;
  return s;
}

}  // namespace

TEST_CASE("rotary turns pairs by the angles of their position", "[kernels][rotary]") {
  CHECK(agrees_with_definition<float, halves(5, 3, 64, 64)>(0));
  CHECK(agrees_with_definition<float, halves(1, 8, 8, 8)>(17));
  CHECK(agrees_with_definition<float, halves(4, 2, 40, 40)>(26));
  CHECK(agrees_with_definition<float, halves(4, 2, 50, 18)>(3));
  CHECK(agrees_with_definition<double, halves(3, 2, 24, 24)>(9));
  CHECK(agrees_with_definition<float, adjacent(5, 3, 64, 64)>(0));
  CHECK(agrees_with_definition<float, adjacent(1, 8, 8, 8)>(29));
  CHECK(agrees_with_definition<float, adjacent(4, 2, 38, 38)>(26));
  CHECK(agrees_with_definition<float, adjacent(4, 2, 50, 18)>(3));
  CHECK(agrees_with_definition<double, adjacent(3, 2, 22, 22)>(9));
  CHECK(agrees_with_definition<float, twice(halves(3, 2, 16, 16))>(5));
  CHECK(agrees_with_definition<float, twice(adjacent(3, 2, 16, 16))>(5));
}

TEST_CASE("rotary gives both pairings the same bits, in another order", "[kernels][rotary]") {
  constexpr rotary_shape a = halves(4, 2, 26, 26), b = adjacent(4, 2, 26, 26);
  auto const x = random_block<float>(4 * 2 * 26, 62);
  block<float> shuffled(x.size()), y(x.size()), z(x.size());
  auto const place = [](long i) {
    return i / 26 * 26 + (i % 26 < 13 ? 2 * (i % 26) : 2 * (i % 26 - 13) + 1);
  };
  for (long i = 0; i < x.size(); ++i) shuffled[place(i)] = x[i];
  auto const angles_a = table<float, a>(), angles_b = table<float, b>();
  etch::kernels::rotary<float, a>(x.data(), angles_a.data(), 7, y.data());
  etch::kernels::rotary<float, b>(shuffled.data(), angles_b.data(), 7, z.data());
  bool same = true;
  for (long i = 0; i < x.size(); ++i) same = same && same_bits(&y[i], &z[place(i)], 1);
  CHECK(same);
}

TEST_CASE("rotary writes over its operand", "[kernels][rotary]") {
  constexpr rotary_shape s = halves(4, 2, 20, 12);
  auto x = random_block<float>(4 * 2 * 20, 63);
  auto const angles = table<float, s>();
  block<float> y(x.size());
  etch::kernels::rotary<float, s>(x.data(), angles.data(), 2, y.data());
  etch::kernels::rotary<float, s>(x.data(), angles.data(), 2, x.data());
  CHECK(same_bits(x.data(), y.data(), x.size()));
}

TEST_CASE("rotary gives NaN for positions that there are not", "[kernels][rotary]") {
  constexpr rotary_shape s = adjacent(4, 1, 8, 4);
  auto const x = random_block<float>(32, 64);
  auto const angles = table<float, s>();
  block<float> y(32);
  for (long first : {-2L, 28L, 30L, -2147483647L, 2147483647L}) {
    etch::kernels::rotary<float, s>(x.data(), angles.data(), first, y.data());
    for (long i = 0; i < 32; ++i) {
      long const position = first + i / 8;
      CHECK(std::isnan(y[i]) == (position < 0 || position >= 30));
    }
  }
}
