#include "kernels/attention_case.hpp"

using namespace attention_case;
using etch::kernels::cache_shape;

namespace {

struct sizes {
  long capacity, heads, kv_heads, width, value_width, window;
};

constexpr attention_shape shape_of(sizes s, long rows, bool cached) {
  return {.batch = 1,
          .rows = rows,
          .keys = s.capacity,
          .heads = s.heads,
          .kv_heads = s.kv_heads,
          .width = s.width,
          .value_width = s.value_width,
          .causal = true,
          .window = s.window,
          .cached = cached,
          .scale = 0};
}

/// A cache that was filled with NaN: what is read without having been written shows.
template <class T, sizes S>
struct cache {
  static constexpr attention_shape shape = shape_of(S, 1, true);
  block<T> keys, values;

  cache()
      : keys(S.kv_heads * etch::kernels::key_panel_elements<T>(shape), 0),
        values(S.kv_heads * S.capacity * S.value_width) {
    std::fill(keys.begin(), keys.end(), std::numeric_limits<T>::quiet_NaN());
    std::fill(values.begin(), values.end(), std::numeric_limits<T>::quiet_NaN());
  }

  /// Attention of rows first, first + 1, ... of the operands.
  template <long Rows, class Operands>
  block<T> attend(Operands const& of, long first) {
    constexpr attention_shape block_shape = shape_of(S, Rows, true);
    long const from = first < 0 ? 0 : std::min(first, S.capacity - Rows);
    etch::kernels::write_keys<T, cache_shape{Rows, S.capacity, S.kv_heads, S.width}>(
        of.k.data() + from * S.kv_heads * S.width, first, keys.data());
    etch::kernels::write_values<T, cache_shape{Rows, S.capacity, S.kv_heads, S.value_width}>(
        of.v.data() + from * S.kv_heads * S.value_width, first, values.data());
    block<T> y(Rows * S.heads * S.value_width);
    block<T> scratch(etch::kernels::attention_scratch<T>(block_shape), 0);
    etch::kernels::attention<T, block_shape>(of.q.data() + from * S.heads * S.width, keys.data(),
                                             values.data(), nullptr, first, scratch.data(),
                                             y.data());
    return y;
  }
};

/// All rows of a sequence, in blocks of `Rows` and the rest one by one.
template <class T, sizes S, long Rows, class Operands>
std::vector<T> in_blocks(Operands const& of, long rows) {
  cache<T, S> kept;
  std::vector<T> all;
  long at = 0;
  for (; at + Rows <= rows; at += Rows) {
    auto const y = kept.template attend<Rows>(of, at);
    all.insert(all.end(), y.begin(), y.end());
  }
  for (; at < rows; ++at) {
    auto const y = kept.template attend<1>(of, at);
    all.insert(all.end(), y.begin(), y.end());
  }
  return all;
}

/// In blocks of one row, of `Block` rows, and of all that there is room for.
template <class T, sizes S, long Block>
bool same_in_all_blocks() {
  constexpr attention_shape whole = shape_of(S, S.capacity, false);
  operands<T, whole> const of(11);
  auto const at_once = run<T, whole>(of);
  std::vector<T> const expected(at_once.begin(), at_once.end());
  auto const n = static_cast<long>(expected.size());
  auto const check = [&]<long... Rows>(std::integer_sequence<long, Rows...>) {
    auto const has_same_bits = [&](std::vector<T> const& found) {
      return static_cast<long>(found.size()) == n && same_bits(found.data(), expected.data(), n);
    };
    return (has_same_bits(in_blocks<T, S, Rows>(of, S.capacity)) && ...);
  };
  return check(std::integer_sequence<long, 1, Block, S.capacity>{}) &&
         agrees_with_definition<T, whole>(11);
}

}  // namespace

TEST_CASE("attention through a cache has the bits of the whole sequence, in blocks of any size",
          "[kernels][attention]") {
  CHECK(same_in_all_blocks<float, sizes{40, 2, 2, 16, 16, 0}, 8>());
  CHECK(same_in_all_blocks<float, sizes{37, 4, 2, 8, 8, 0}, 3>());
  CHECK(same_in_all_blocks<float, sizes{33, 8, 1, 12, 20, 0}, 5>());
  CHECK(same_in_all_blocks<float, sizes{50, 3, 3, 64, 64, 0}, 2>());
  CHECK(same_in_all_blocks<float, sizes{50, 2, 1, 16, 40, 7}, 4>());
  CHECK(same_in_all_blocks<float, sizes{41, 2, 1, 9, 10, 17}, 7>());
  CHECK(same_in_all_blocks<double, sizes{29, 4, 2, 8, 8, 0}, 6>());
  CHECK(same_in_all_blocks<double, sizes{29, 2, 1, 5, 30, 6}, 9>());
}

TEST_CASE("rows for which a cache has no place are NaN and are written nowhere",
          "[kernels][attention]") {
  constexpr sizes s{20, 4, 2, 8, 6, 0};
  constexpr attention_shape whole = shape_of(s, s.capacity, false);
  operands<float, whole> const of(12);
  cache<float, s> kept;
  auto const first = kept.attend<4>(of, 0);
  kept.attend<14>(of, 4);
  constexpr long row = 4 * 6;
  auto const last = kept.attend<2>(of, 18);  // fills it
  for (float y : last) CHECK(!std::isnan(y));
  cache<float, s> other;
  other.attend<4>(of, 0);
  other.attend<14>(of, 4);
  auto const half = other.attend<2>(of, 19);  // row 19 has a place, row 20 has none
  for (long i = 0; i < row; ++i) CHECK(std::isnan(half[row + i]));
  std::vector<float> const keys(kept.keys.begin(), kept.keys.end());
  std::vector<float> const values(kept.values.begin(), kept.values.end());
  for (long position : {20L, 21L, 1000L, 2147483647L, -5L, -2147483647L}) {
    auto const none = kept.attend<2>(of, position);
    for (float each : none) CHECK(std::isnan(each));
    CHECK(same_bits(kept.keys.data(), keys.data(), kept.keys.size()));
    CHECK(same_bits(kept.values.data(), values.data(), kept.values.size()));
  }
  // of a block that begins before the sequence, the rows that belong to it
  cache<float, s> early;
  auto const y = early.attend<3>(of, -2);
  for (long i = 0; i < 2 * row; ++i) CHECK(std::isnan(y[i]));
  for (long i = 2 * row; i < 3 * row; ++i) CHECK(!std::isnan(y[i]));
}
