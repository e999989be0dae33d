#include "kernels/attention_case.hpp"

using namespace attention_case;

namespace {

constexpr attention_shape of(long rows, long keys, long heads, long kv_heads, long width,
                             long value_width, bool causal = false, long window = 0) {
  return {.batch = 1,
          .rows = rows,
          .keys = keys,
          .heads = heads,
          .kv_heads = kv_heads,
          .width = width,
          .value_width = value_width,
          .causal = causal,
          .window = window,
          .cached = false,
          .scale = 0};
}

constexpr attention_shape batched(attention_shape s, long batch) {
  s.batch = batch;
  return s;
}
constexpr attention_shape scaled(attention_shape s, double scale) {
  s.scale = scale;
  return s;
}
constexpr attention_shape masked(attention_shape s, attention_mask mask, bool by_batch,
                                 bool by_head, bool by_row) {
  s.mask = mask;
  long stride = s.keys;
  if (by_row) {
    s.mask_row = stride;
    stride *= s.rows;
  }
  if (by_head) {
    s.mask_head = stride;
    stride *= s.heads;
  }
  if (by_batch) s.mask_batch = stride;
  return s;
}

}  // namespace

TEST_CASE("attention agrees with its definition", "[kernels][attention]") {
  CHECK(agrees_with_definition<float, of(1, 1, 1, 1, 1, 1)>());
  CHECK(agrees_with_definition<float, of(5, 33, 2, 2, 16, 16)>());
  CHECK(agrees_with_definition<float, of(13, 40, 3, 1, 7, 19)>());
  CHECK(agrees_with_definition<float, of(1, 130, 8, 4, 8, 8)>());
  CHECK(agrees_with_definition<float, of(7, 129, 4, 4, 64, 64)>());
  CHECK(agrees_with_definition<float, of(2, 17, 2, 1, 80, 100)>());
  CHECK(agrees_with_definition<double, of(9, 21, 4, 2, 10, 12)>());
  CHECK(agrees_with_definition<double, of(1, 50, 6, 2, 32, 64)>());
  CHECK(agrees_with_definition<float, batched(of(6, 18, 4, 2, 12, 5), 3)>());
  CHECK(agrees_with_definition<float, scaled(of(6, 18, 4, 2, 12, 5), 0.7)>());
}

TEST_CASE("attention takes part with the keys before a query and with those of a window",
          "[kernels][attention]") {
  CHECK(agrees_with_definition<float, of(40, 40, 2, 2, 16, 16, true)>());
  CHECK(agrees_with_definition<float, of(33, 33, 4, 2, 8, 24, true)>());
  CHECK(agrees_with_definition<double, of(19, 19, 2, 1, 5, 70, true)>());
  CHECK(agrees_with_definition<float, of(50, 50, 2, 1, 16, 16, true, 1)>());
  CHECK(agrees_with_definition<float, of(50, 50, 2, 1, 16, 65, true, 19)>());
  CHECK(agrees_with_definition<float, of(50, 50, 2, 1, 16, 8, true, 80)>());
  CHECK(agrees_with_definition<float, of(20, 60, 2, 1, 16, 40, false, 21)>());
}

TEST_CASE("attention takes every number of rows, keys and widths", "[kernels][attention]") {
  constexpr auto agrees = []<long... N>(std::integer_sequence<long, N...>) {
    return (agrees_with_definition<float, of(N, N, 1, 1, 19 - N, N, N % 2 == 0)>() && ...);
  };
  CHECK(agrees(std::integer_sequence<long, 2, 3, 4, 6>{}));
  CHECK(agrees(std::integer_sequence<long, 9, 11, 15, 16, 17>{}));
}

TEST_CASE("attention reads its mask at every place that it broadcasts to", "[kernels][attention]") {
  constexpr attention_shape s = batched(of(5, 21, 4, 2, 6, 6), 2);
  using enum attention_mask;
  CHECK(agrees_with_definition<float, masked(s, additive, true, true, true)>());
  CHECK(agrees_with_definition<float, masked(s, additive, false, true, true)>());
  CHECK(agrees_with_definition<float, masked(s, additive, true, false, false)>());
  CHECK(agrees_with_definition<double, masked(s, additive, false, false, true)>());
  CHECK(agrees_with_definition<float, masked(s, boolean, true, true, true)>());
  CHECK(agrees_with_definition<float, masked(s, boolean, false, false, false)>());
  CHECK(agrees_with_definition<double, masked(s, boolean, true, false, true)>());
  constexpr attention_shape causal = of(21, 21, 4, 4, 6, 6, true);
  CHECK(agrees_with_definition<float, masked(causal, boolean, false, false, true)>());
}

TEST_CASE("a query without keys is 0, and what it does not see cannot spoil it",
          "[kernels][attention]") {
  constexpr attention_shape s =
      masked(of(4, 20, 1, 1, 8, 8), attention_mask::additive, false, false, true);
  operands<float, s> of_rows(3);
  float const infinite = std::numeric_limits<float>::infinity();
  for (long j = 0; j < 20; ++j) of_rows.added[2 * 20 + j] = -infinite;  // row 2 sees nothing
  auto const y = run<float, s>(of_rows);
  for (long i = 0; i < 8; ++i) CHECK(y[2 * 8 + i] == 0.0f);
  for (long i = 0; i < 8; ++i) CHECK(y[3 * 8 + i] != 0.0f);

  constexpr attention_shape causal = of(20, 20, 1, 1, 8, 8, true);
  operands<float, causal> later(4);
  auto const before = run<float, causal>(later);
  for (long i = 0; i < 8; ++i) {
    later.k[11 * 8 + i] = std::numeric_limits<float>::quiet_NaN();
    later.v[11 * 8 + i] = infinite;
  }
  auto const after = run<float, causal>(later);
  CHECK(same_bits(before.data(), after.data(), 11 * 8));
  for (long i = 11 * 8; i < 20 * 8; ++i) CHECK(std::isnan(after[i]));
}

TEST_CASE("attention gives a row the same bits in any block", "[kernels][attention]") {
  constexpr attention_shape whole = of(23, 23, 4, 2, 24, 40, true, 9);
  operands<float, whole> const all(5);
  auto const together = run<float, whole>(all);
  // without a causal mask the rows of a batch are independent: here one row against all keys
  constexpr attention_shape many = of(23, 23, 4, 2, 24, 40), alone = of(1, 23, 4, 2, 24, 40);
  operands<float, many> const rows(5);
  auto const batch = run<float, many>(rows);
  operands<float, alone> one(5);
  std::copy(rows.k.begin(), rows.k.end(), one.k.begin());
  std::copy(rows.v.begin(), rows.v.end(), one.v.begin());
  for (long r : {0L, 7L, 22L}) {
    std::copy_n(rows.q.data() + r * 96, 96, one.q.data());
    auto const y = run<float, alone>(one);
    CHECK(same_bits(y.data(), batch.data() + r * 160, 160));
  }
  CHECK(hash(std::vector<float>(together.begin(), together.end())) !=
        hash(std::vector<float>(batch.begin(), batch.end())));
}
