#include <etch/ir/verify.hpp>
#include <etch/kernels/pack_layout.hpp>
#include <etch/ops/attention.hpp>
#include <etch/ops/cached_attention.hpp>
#include <etch/ops/reshape.hpp>

#include "ops/structured_case.hpp"

namespace {

using namespace structured;
using etch::attention;
using etch::tensor;
using op = etch::ops::attention;
using cached = etch::ops::cached_attention;

struct sizes {
  int batch, rows, keys, heads, kv_heads, width, value_width;
};

sizes random_sizes(generator& from, bool square) {
  sizes s{};
  s.batch = pick(from, 1, 2);
  s.rows = pick(from, 1, 7);
  s.keys = square ? s.rows : pick(from, 1, 9);
  s.kv_heads = pick(from, 1, 3);
  s.heads = s.kv_heads * pick(from, 1, 3);
  s.width = pick(from, 1, 6);
  s.value_width = pick(from, 1, 6);
  return s;
}

/// By the products with their exponentials, which are small here, without a maximum taken off.
template <class Allowed>
array plain_attention(array q, array k, array v, sizes const& s, double scale,
                      Allowed const& weight_of) {
  array y({s.batch, s.rows, s.heads, s.value_width});
  for (int b = 0; b < s.batch; ++b)
    for (int t = 0; t < s.rows; ++t)
      for (int h = 0; h < s.heads; ++h) {
        int const kv = h * s.kv_heads / s.heads;
        double sum = 0;
        for (int j = 0; j < s.keys; ++j) {
          double dot = 0;
          for (int i = 0; i < s.width; ++i) dot += q.at({b, t, h, i}) * k.at({b, j, kv, i});
          double const weight = std::exp(scale * dot) * weight_of(b, h, t, j);
          sum += weight;
          for (int i = 0; i < s.value_width; ++i)
            y.at({b, t, h, i}) += weight * v.at({b, j, kv, i});
        }
        for (int i = 0; i < s.value_width; ++i)
          y.at({b, t, h, i}) = sum == 0 ? 0 : y.at({b, t, h, i}) / sum;
      }
  return y;
}

template <class T>
struct case_of {
  sizes s;
  array q, k, v;

  case_of(generator& from, bool square) : case_of(from, random_sizes(from, square)) {}
  case_of(generator& from, sizes const& of)
      : s(of),
        q(random_array<T>(from, {s.batch, s.rows, s.heads, s.width})),
        k(random_array<T>(from, {s.batch, s.keys, s.kv_heads, s.width})),
        v(random_array<T>(from, {s.batch, s.keys, s.kv_heads, s.value_width})) {}

  double scale() const { return 1 / std::sqrt(static_cast<double>(s.width)); }
};

template <class T>
inline constexpr double roundings = std::is_same_v<T, float> ? 2 : 200;

template <class T>
void without_mask() {
  generator from(71);
  for (int trial = 0; trial < 40; ++trial) {
    case_of<T> const of(from, trial % 2 == 0);
    bool const causal = of.s.rows == of.s.keys && trial % 4 == 0;
    int const window = pick(from, 0, 4);
    auto const seen = [&](int, int, int t, int j) {
      int const distance = t > j ? t - j : j - t;
      return (causal && j > t) || (window > 0 && distance >= window) ? 0.0 : 1.0;
    };
    require_close<T>(run<op, T>({.causal = causal, .window = window}, operand<T>(of.q),
                                operand<T>(of.k), operand<T>(of.v)),
                     plain_attention(of.q, of.k, of.v, of.s, of.scale(), seen), roundings<T>);
  }
}

template <class T>
void with_masks() {
  generator from(72);
  for (int trial = 0; trial < 30; ++trial) {
    case_of<T> const of(from, false);
    std::vector<int> shape{of.s.batch, of.s.heads, of.s.rows, of.s.keys};
    for (std::size_t i = 0; i < 3; ++i)
      if (pick(from, 0, 2) == 0) shape[i] = 1;
    shape.erase(shape.begin(), shape.begin() + pick(from, 0, 3));
    array added = random_array<T>(from, shape, -2, 2);
    array allowed(shape);
    for (std::size_t i = 0; i < added.values.size(); ++i) allowed.values[i] = added.values[i] > 0;
    auto const at = [&](array& mask, int b, int h, int t, int j) {
      std::vector<int> const index{b, h, t, j};
      std::size_t flat = 0;
      for (std::size_t i = 0; i < shape.size(); ++i) {
        int const own = index[4 - shape.size() + i];
        flat = flat * static_cast<std::size_t>(shape[i]) +
               static_cast<std::size_t>(shape[i] == 1 ? 0 : own);
      }
      return mask.values[flat];
    };
    require_close<T>(
        run<op, T>({}, operand<T>(of.q), operand<T>(of.k), operand<T>(of.v), operand<T>(added)),
        plain_attention(
            of.q, of.k, of.v, of.s, of.scale(),
            [&](int b, int h, int t, int j) { return std::exp(at(added, b, h, t, j)); }),
        roundings<T>);
    require_close<T>(
        run<op, T>({.scale = 0.25}, operand<T>(of.q), operand<T>(of.k), operand<T>(of.v),
                   operand<bool>(allowed)),
        plain_attention(of.q, of.k, of.v, of.s, 0.25,
                        [&](int b, int h, int t, int j) { return at(allowed, b, h, t, j); }),
        roundings<T>);
  }
}

array without_batch(array const& a) {
  array flat(std::vector<int>(a.extents.begin() + 1, a.extents.end()));
  flat.values = a.values;
  return flat;
}

array rows_of(array const& a, int first, int count) {
  auto shape = a.extents;
  std::size_t const row = a.values.size() / static_cast<std::size_t>(shape[0]);
  shape[0] = count;
  array part(shape);
  for (std::size_t i = 0; i < part.values.size(); ++i)
    part.values[i] = a.values[static_cast<std::size_t>(first) * row + i];
  return part;
}

array integer(int value) {
  array a({1});
  a.values[0] = value;
  return a;
}

/// A sequence in blocks through caches gives what attention to all of it gives.
template <class T>
void through_caches() {
  generator from(73);
  constexpr int lanes = static_cast<int>(etch::kernels::pack_lanes<T>);
  for (int trial = 0; trial < 20; ++trial) {
    sizes s = random_sizes(from, true);
    s.batch = 1;
    s.rows = s.keys = pick(from, 1, 40);
    case_of<T> const of(from, s);
    int const window = pick(from, 0, 1) * pick(from, 1, 20);
    array const q = without_batch(of.q), k = without_batch(of.k), v = without_batch(of.v);
    array const expected = without_batch(run<op, T>(
        {.causal = true, .window = window}, operand<T>(of.q), operand<T>(of.k), operand<T>(of.v)));
    array keys({s.kv_heads, (s.keys + lanes - 1) / lanes, s.width, lanes});
    array values({s.kv_heads, s.keys, s.value_width});
    for (int at = 0, rows = 0; at < s.rows; at += rows) {
      rows = pick(from, 1, s.rows - at);
      keys = run<etch::ops::cache_keys, T>({.capacity = s.keys}, operand<T>(keys),
                                           operand<T>(rows_of(k, at, rows)),
                                           operand<std::int32_t>(integer(at)));
      values =
          run<etch::ops::cache_values, T>({}, operand<T>(values), operand<T>(rows_of(v, at, rows)),
                                          operand<std::int64_t>(integer(at)));
      require_close<T>(
          run<cached, T>({.window = window}, operand<T>(rows_of(q, at, rows)), operand<T>(keys),
                         operand<T>(values), operand<std::int32_t>(integer(at))),
          rows_of(expected, at, rows), 1);
    }
    // nothing has a place behind the last row
    auto const before = keys.values;
    keys = run<etch::ops::cache_keys, T>({.capacity = s.keys}, operand<T>(keys),
                                         operand<T>(rows_of(k, 0, 1)),
                                         operand<std::int32_t>(integer(s.keys)));
    REQUIRE(keys.values == before);
    for (int position : {s.keys, -1}) {
      auto const none =
          run<cached, T>({}, operand<T>(rows_of(q, 0, 1)), operand<T>(keys), operand<T>(values),
                         operand<std::int32_t>(integer(position)));
      for (double y : none.values) REQUIRE(std::isnan(y));
    }
  }
}

using heads = tensor<float, 5, 4, 8>;
using kv_heads = tensor<float, 5, 2, 8>;

}  // namespace

TEST_CASE("attention weighs values by the exponentials of scores", "[ops][attention]") {
  without_mask<float>();
  without_mask<double>();
}

TEST_CASE("attention takes masks that broadcast, bool or added", "[ops][attention]") {
  with_masks<float>();
  with_masks<double>();
}

TEST_CASE("attention through caches is attention to the whole sequence", "[ops][attention]") {
  through_caches<float>();
  through_caches<double>();
}

TEST_CASE("attention records one node of the shape of q and v", "[ops][attention]") {
  etch::front::recorder r;
  heads const q(r, ir::add_input(r.graph, heads::type));
  kv_heads const k(r, ir::add_input(r.graph, kv_heads::type));
  tensor<float, 5, 2, 3> const v(r, ir::add_input(r.graph, ir::f32(5, 2, 3)));
  tensor<bool, 5, 5> const mask(r, ir::add_input(r.graph, {etch::dtype::bool_, ir::shape(5, 5)}));
  auto const y =
      etch::scaled_dot_product_attention<attention{.causal = true, .window = 3}>(q, k, v, mask);
  STATIC_REQUIRE(std::is_same_v<decltype(y), tensor<float, 5, 4, 3> const>);
  auto const a = r.graph.attrs_of<attention>(y.id());
  REQUIRE(a.causal);
  REQUIRE(a.window == 3);
  r.graph.outputs.push_back(y.id());
  REQUIRE(ir::problem_of(r.graph) == nullptr);
}

TEST_CASE("cached_attention has two states", "[ops][attention]") {
  etch::front::recorder r;
  heads const q(r, ir::add_input(r.graph, heads::type));
  kv_heads const k(r, ir::add_input(r.graph, kv_heads::type));
  tensor<float, 5, 2, 3> const v(r, ir::add_input(r.graph, ir::f32(5, 2, 3)));
  tensor<std::int32_t> const at(r, ir::add_input(r.graph, {etch::dtype::i32, {}}));
  auto const y = etch::cached_attention<20>("attn", q, k, v, at);
  STATIC_REQUIRE(std::is_same_v<decltype(y), tensor<float, 5, 4, 3> const>);
  REQUIRE(r.graph.states.size() == 2);
  REQUIRE(r.graph.name_of(r.graph.states[0].read) == "attn.keys");
  REQUIRE(r.graph[r.graph.states[0].read].type == ir::f32(2, 2, 8, 16));
  REQUIRE(r.graph.name_of(r.graph.states[1].read) == "attn.values");
  REQUIRE(r.graph[r.graph.states[1].read].type == ir::f32(2, 20, 3));
  r.graph.outputs.push_back(y.id());
  REQUIRE(ir::problem_of(r.graph) == nullptr);
}

TEST_CASE("attention counts the keys that take part", "[ops][attention]") {
  ir::tensor_type const types[] = {ir::f32(10, 2, 4), ir::f32(10, 2, 4), ir::f32(10, 2, 3)};
  auto const flops = [&](attention const& a) {
    return op::flops({types, 3}, ir::f32(10, 2, 3), a);
  };
  constexpr int pair = 2 * 4 + 2 * 3 + 5;
  REQUIRE(flops({}) == 2 * 100 * pair);
  REQUIRE(flops({.causal = true}) == 2 * 55 * pair);
  REQUIRE(flops({.causal = true, .window = 1}) == 2 * 10 * pair);
}

TEST_CASE("attention refuses what does not fit", "[ops][attention]") {
  auto const q = ir::f32(5, 4, 8), k = ir::f32(6, 2, 8), v = ir::f32(6, 2, 3);
  ir::tensor_type const wide{etch::dtype::f64, ir::shape(5, 4, 8)};
  ir::tensor_type const bools{etch::dtype::bool_, ir::shape(5, 6)};
  REQUIRE(refusal<op>({}, {q, k, v}) == "");
  REQUIRE(refusal<op>({}, {wide, k, v}) == op::bad_dtype);
  REQUIRE(refusal<op>({}, {ir::f32(4, 8), k, v}) == op::bad_rank);
  REQUIRE(refusal<op>({}, {ir::f32(1, 5, 4, 8), k, v}) == op::bad_rank);
  REQUIRE(refusal<op>({}, {ir::f32(2, 5, 4, 8), ir::f32(3, 6, 2, 8), ir::f32(3, 6, 2, 3)}) ==
          op::bad_batch);
  REQUIRE(refusal<op>({}, {q, k, ir::f32(7, 2, 3)}) == op::bad_keys);
  REQUIRE(refusal<op>({}, {q, k, ir::f32(6, 4, 3)}) == op::bad_keys);
  REQUIRE(refusal<op>({}, {q, ir::f32(6, 2, 9), v}) == op::bad_width);
  REQUIRE(refusal<op>({}, {q, ir::f32(6, 3, 8), ir::f32(6, 3, 3)}) == op::bad_heads);
  REQUIRE(refusal<op>({.window = -1}, {q, k, v}) == op::bad_window);
  REQUIRE(refusal<op>({.causal = true}, {q, k, v}) == op::bad_causal);
  REQUIRE(refusal<op>({}, {q, k, v, bools}) == "");
  REQUIRE(refusal<op>({}, {q, k, v, ir::f32(4, 1, 6)}) == "");
  REQUIRE(refusal<op>({}, {q, k, v, ir::f32(5, 5)}) == op::bad_mask);
  REQUIRE(refusal<op>({}, {q, k, v, ir::f32(4, 6)}) == op::bad_mask);
  REQUIRE(refusal<op>({}, {q, k, v, ir::f32(1, 4, 5, 6)}) == op::bad_mask);
  REQUIRE(refusal<op>({}, {q, k, v, {etch::dtype::i32, ir::shape(5, 6)}}) == op::bad_mask);
}

TEST_CASE("caches refuse what does not fit", "[ops][attention]") {
  using keys = etch::ops::cache_keys;
  using values = etch::ops::cache_values;
  ir::tensor_type const at{etch::dtype::i32, ir::shape(1)}, real = ir::f32(1);
  auto const x = ir::f32(3, 2, 8), key_cache = ir::f32(2, 2, 8, 16),
             value_cache = ir::f32(2, 20, 8);
  REQUIRE(refusal<keys>({.capacity = 20}, {key_cache, x, at}) == "");
  REQUIRE(refusal<keys>({.capacity = 33}, {key_cache, x, at}) == keys::malformed_cache);
  REQUIRE(refusal<keys>({.capacity = 20}, {key_cache, ir::f32(3, 16), at}) == keys::malformed_rows);
  REQUIRE(refusal<keys>({.capacity = 20}, {key_cache, x, real}) == keys::malformed_position);
  REQUIRE(refusal<values>({}, {value_cache, x, at}) == "");
  REQUIRE(refusal<values>({}, {value_cache, ir::f32(3, 4, 8), at}) == values::malformed_cache);
  REQUIRE(refusal<values>({}, {value_cache, x, {etch::dtype::i32, ir::shape(2)}}) ==
          values::malformed_position);
  auto const q = ir::f32(3, 6, 8);
  REQUIRE(refusal<cached>({}, {q, key_cache, value_cache, at}) == "");
  REQUIRE(refusal<cached>({}, {ir::f32(3, 48), key_cache, value_cache, at}) == cached::bad_rows);
  REQUIRE(refusal<cached>({}, {ir::f32(3, 6, 9), key_cache, value_cache, at}) == cached::bad_cache);
  REQUIRE(refusal<cached>({}, {ir::f32(3, 5, 8), key_cache, value_cache, at}) == cached::bad_heads);
  REQUIRE(refusal<cached>({.window = -2}, {q, key_cache, value_cache, at}) == cached::malformed_window);
  REQUIRE(refusal<cached>({}, {q, key_cache, value_cache, real}) == cached::malformed_position);
}
