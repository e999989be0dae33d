#include <etch/kernels/strided_copy.hpp>

#include "kernels/kernel_test.hpp"

using namespace kernel_test;
using etch::kernels::copy_shape;
using etch::kernels::simplify;
using etch::kernels::strided_copy;

namespace {

/// Elements from the first to the last that a view touches, and how many lie before its origin.
struct view_range {
  long size, origin;
};

constexpr view_range range_of(copy_shape s, long const (&strides)[6]) {
  long low = 0, high = 0;
  for (int i = 0; i < s.rank; ++i) {
    long const reach = (s.extents[i] - 1) * strides[i];
    (reach < 0 ? low : high) += reach;
  }
  return {high - low + 1, -low};
}

/// Compares with a loop over every index; what the view does not name must stay as it is.
template <class T, copy_shape S>
bool copies() {
  constexpr view_range from = range_of(S, S.in_strides), to = range_of(S, S.out_strides);
  block<T> in(from.size), out(to.size), expected(to.size);
  generator g(71);
  for (T& v : in) v = static_cast<T>(g.bits());
  for (long i = 0; i < to.size; ++i) out[i] = expected[i] = static_cast<T>(i * 37);
  strided_copy<S, sizeof(T)>(in.data() + from.origin, out.data() + to.origin);
  long total = 1;
  for (int i = 0; i < S.rank; ++i) total *= S.extents[i];
  for (long n = 0; n < total; ++n) {
    long rest = n, a = from.origin, b = to.origin;
    for (int i = S.rank - 1; i >= 0; --i) {
      a += rest % S.extents[i] * S.in_strides[i];
      b += rest % S.extents[i] * S.out_strides[i];
      rest /= S.extents[i];
    }
    expected[b] = in[a];
  }
  return same_bits(out.data(), expected.data(), to.size);
}

template <copy_shape S>
void check() {
  CHECK(copies<std::uint8_t, S>());
  CHECK(copies<std::uint16_t, S>());
  CHECK(copies<std::uint32_t, S>());
  CHECK(copies<std::uint64_t, S>());
}

/// [rows][columns] to [columns][rows].
constexpr copy_shape transpose_of(long rows, long columns, long in_gap = 0, long out_gap = 0) {
  return {2, {columns, rows}, {1, columns + in_gap}, {rows + out_gap, 1}};
}

constexpr bool merges_to(copy_shape s, int rank, long last) {
  copy_shape const m = simplify(s);
  return m.rank == rank && (rank == 0 || m.extents[rank - 1] == last);
}

}  // namespace

TEST_CASE("a strided copy is simplified to the fewest axes", "[kernels][strided_copy]") {
  STATIC_REQUIRE(merges_to({3, {2, 3, 4}, {12, 4, 1}, {12, 4, 1}}, 1, 24));
  STATIC_REQUIRE(merges_to({3, {2, 1, 4}, {4, 99, 1}, {10, 5, 1}}, 2, 4));
  STATIC_REQUIRE(merges_to({2, {1, 1}, {5, 5}, {5, 5}}, 0, 0));
  STATIC_REQUIRE(merges_to({3, {2, 3, 4}, {0, 0, 1}, {12, 4, 1}}, 2, 4));
  // given in the order of the input, sorted by the output
  STATIC_REQUIRE(merges_to({3, {4, 2, 3}, {1, 12, 4}, {1, 12, 4}}, 1, 24));
}

TEST_CASE("strided_copy moves contiguous lines", "[kernels][strided_copy]") {
  check<copy_shape{1, {1}, {1}, {1}}>();
  check<copy_shape{1, {77}, {1}, {1}}>();
  check<copy_shape{2, {5, 3}, {7, 1}, {3, 1}}>();                // a slice
  check<copy_shape{3, {2, 3, 20}, {60, 20, 1}, {99, 33, 1}}>();  // a part of a concatenation
}

TEST_CASE("strided_copy takes steps, reversed axes and expansions", "[kernels][strided_copy]") {
  check<copy_shape{2, {4, 9}, {18, 2}, {9, 1}}>();
  check<copy_shape{1, {13}, {-1}, {1}}>();
  check<copy_shape{2, {6, 33}, {1, 0}, {33, 1}}>();
  check<copy_shape{2, {6, 33}, {0, 1}, {33, 1}}>();
  check<copy_shape{2, {5, 11}, {11, 1}, {44, 3}}>();
  check<copy_shape{1, {200}, {0}, {1}}>();
}

TEST_CASE("strided_copy transposes matrices of every size around a square",
          "[kernels][strided_copy]") {
  for_each_of<1, 18>([]<int N>() {
    CAPTURE(N);
    CHECK(copies<std::uint8_t, transpose_of(17, N + 1)>());
    CHECK(copies<std::uint32_t, transpose_of(N + 1, 9)>());
  });
  check<transpose_of(33, 21, 2, 5)>();
  check<transpose_of(130, 150)>();
}

TEST_CASE("strided_copy interleaves a few lines", "[kernels][strided_copy]") {
  for_each_of<1, 35>([]<int N>() {
    CAPTURE(N);
    CHECK(copies<std::uint32_t, transpose_of(2, N)>());
    CHECK(copies<std::uint32_t, transpose_of(3, N)>());
    CHECK(copies<float, transpose_of(4, N, 3)>());
  });
  check<transpose_of(3, 50, 1)>();
  check<transpose_of(3, 50, 0, 1)>();
}

TEST_CASE("strided_copy permutes axes", "[kernels][strided_copy]") {
  // NCHW to NHWC and back, and a head split: [t][h][d] to [h][t][d] and to [h][d][t]
  check<copy_shape{4, {2, 5, 7, 3}, {105, 7, 1, 35}, {105, 21, 3, 1}}>();
  check<copy_shape{4, {2, 3, 5, 7}, {105, 1, 21, 3}, {105, 35, 7, 1}}>();
  check<copy_shape{3, {4, 6, 10}, {10, 40, 1}, {60, 10, 1}}>();
  check<copy_shape{3, {4, 10, 6}, {10, 1, 40}, {60, 6, 1}}>();
  check<copy_shape{6, {2, 2, 2, 2, 2, 2}, {1, 2, 4, 8, 16, 32}, {32, 16, 8, 4, 2, 1}}>();
}
