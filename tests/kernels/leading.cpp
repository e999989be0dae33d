// Kernels whose rows are counted in the call: the first rows have the bits of a kernel made for so
// many, and nothing else is read or written.

#include <etch/kernels/gather.hpp>
#include <etch/kernels/layer_norm.hpp>
#include <etch/kernels/matmul.hpp>
#include <etch/kernels/reduce.hpp>

#include "kernels/attention_case.hpp"
#include "kernels/gemm_case.hpp"

using namespace kernel_test;
using namespace attention_case;
using etch::kernels::gemm_shape;
using etch::kernels::leading;
using etch::kernels::reduce_op;
using etch::kernels::reduce_shape;

namespace {

/// Of `most` rows written by run(rows, sink), the first are those of `all`, the others are not
/// there.
template <class T, class Run>
bool writes_first_rows(recorder<T> const& all, long most, long cols, Run const& run) {
  for (long rows = 1; rows <= most; ++rows) {
    recorder<T> some(rows, cols);
    run(leading{rows, most}, some.in());
    if (!some.complete() || !same_bits(some.values.data(), all.values.data(), rows * cols))
      return false;
  }
  return true;
}

template <class T, gemm_shape S>
bool gemm_leads() {
  product_operands<T> const x(S.m, S.n, S.k, S.lda);
  block<T> const packed = packed_panels(x.b, S.n, S.k), bias = packed_bias(x.bias);
  return writes_first_rows(run_gemm<T, S>(x), S.m, S.n, [&](leading rows, auto sink) {
    block<T> a((rows.rows - 1) * S.lda + S.k);  // nothing behind the last row
    std::copy_n(x.a.data(), a.size(), a.data());
    etch::kernels::gemm<T, S>(a.data(), packed.data(), bias.data(), sink, rows);
  });
}

/// Some rows of a reduction over `Most`, against a kernel for each number.
template <class T, reduce_op Op, int Most, int Inner, int... Rows>
bool reduce_leads(std::integer_sequence<int, Rows...>) {
  block<T> const x = random_block<T>(2 * Most * Inner, 11);
  bool same = true;
  auto const check = [&]<int Some>(std::integral_constant<int, Some>) {
    constexpr long outer = Most > Some ? 2 : 1;
    recorder<T> fixed(outer, Inner), counted(outer, Inner);
    block<T> some(outer * Some * Inner);
    std::copy_n(x.data(), some.size(), some.data());
    etch::kernels::reduce<T, reduce_shape{outer, Some, Inner, Op}>(some.data(), fixed.in());
    etch::kernels::reduce_leading<T, reduce_shape{outer, Most, Inner, Op}>(
        some.data(), leading{Some, Most}, counted.in());
    same = same && counted.complete() &&
           same_bits(fixed.values.data(), counted.values.data(), outer * Inner);
  };
  (check(std::integral_constant<int, Rows>{}), ...);
  return same;
}

/// Queries and keys fewer than the shape allows for, against a shape of so many.
template <class T, attention_shape S, long Rows, long Keys>
bool attention_leads() {
  constexpr attention_shape fewer = [] {
    attention_shape s = S;
    s.rows = Rows;
    s.keys = Keys;
    return s;
  }();
  operands<T, fewer> const of(5);
  block<T> const fixed = run<T, fewer>(of);
  block<T> y(fixed.size()), scratch(etch::kernels::attention_scratch<T>(S));
  etch::kernels::attention_leading<T, S>(of.q.data(), of.k.data(), of.v.data(), {}, Rows, Keys,
                                         scratch.data(), y.data());
  return same_bits(fixed.data(), y.data(), y.size());
}

}  // namespace

TEST_CASE("gemm does the first rows", "[kernels][leading]") {
  CHECK(gemm_leads<float, gemm_of<float>(40, 35, 9)>());
  CHECK(gemm_leads<float, gemm_of<float>(17, 5, 30, true, 3)>());
  CHECK(gemm_leads<float, gemm_of<float>(30, 200, 70)>());
  CHECK(gemm_leads<double, gemm_of<double>(15, 19, 40)>());
}

TEST_CASE("gemm does the first rows block by block", "[kernels][leading]") {
  constexpr gemm_shape s = gemm_of<float>(150, 33, 2100);
  product_operands<float> const x(s.m, s.n, s.k, s.lda);
  block<float> const packed = packed_panels(x.b, s.n, s.k), bias = packed_bias(x.bias);
  recorder<float> const all = run_gemm<float, s>(x);
  recorder<float> some(131, s.n);
  etch::kernels::gemm<float, s>(x.a.data(), packed.data(), bias.data(), some.in(),
                                leading{131, 150});
  CHECK(some.complete());
  CHECK(same_bits(some.values.data(), all.values.data(), 131 * s.n));
}

TEST_CASE("matmul does the first rows", "[kernels][leading]") {
  constexpr etch::kernels::matmul_shape s{
      23, 19, 12, 12, 19, etch::kernels::gemm_k_split<float>(19, 12), false};
  product_operands<float> const x(s.m, s.n, s.k, s.lda);
  recorder<float> all(s.m, s.n);
  etch::kernels::matmul<float, s>(x.a.data(), x.b.data(), nullptr, all.in());
  CHECK(writes_first_rows(all, s.m, s.n, [&](leading rows, auto sink) {
    etch::kernels::matmul<float, s>(x.a.data(), x.b.data(), nullptr, sink, rows);
  }));
}

TEST_CASE("rows of a norm and of a table are those asked for", "[kernels][leading]") {
  constexpr etch::kernels::layer_norm_shape norm{9, 21, false, false, false};
  block<float> const x = random_block<float>(9 * 21, 3);
  recorder<float> all(9, 21);
  etch::kernels::layer_norm<float, norm>(x.data(), nullptr, nullptr, 1e-5f, all.in());
  CHECK(writes_first_rows(all, 9, 21, [&](leading rows, auto sink) {
    etch::kernels::layer_norm<float, norm>(x.data(), nullptr, nullptr, 1e-5f, sink, rows);
  }));

  std::int32_t const indices[] = {2, 0, 1, 1};
  float const table[] = {1, 2, 3};
  float y[] = {0, 0, 0, 0};
  etch::kernels::gather_rows<float, etch::kernels::gather_shape{4, 3, 1}>(table, indices, y,
                                                                          leading{3, 4});
  CHECK(y[0] == 3);
  CHECK(y[2] == 2);
  CHECK(y[3] == 0);
}

TEST_CASE("a reduction over the first rows has their order", "[kernels][leading]") {
  constexpr std::integer_sequence<int, 1, 2, 7, 8, 9, 15, 16, 31, 32, 35, 40> rows;
  CHECK(reduce_leads<float, reduce_op::sum, 40, 21>(rows));
  CHECK(reduce_leads<double, reduce_op::max, 40, 3>(rows));
  CHECK(reduce_leads<float, reduce_op::mean, 40, 16>(std::integer_sequence<int, 3, 40>{}));
  CHECK(reduce_leads<float, reduce_op::prod, 40, 2>(std::integer_sequence<int, 19>{}));
}

TEST_CASE("a reduction to one number goes over packs and a tail", "[kernels][leading]") {
  constexpr std::integer_sequence<int, 1, 15, 16, 33, 127, 128, 130, 256, 399, 512, 600> rows;
  CHECK(reduce_leads<float, reduce_op::sum, 600, 1>(rows));
  CHECK(reduce_leads<double, reduce_op::mean, 600, 1>(std::integer_sequence<int, 5, 67, 600>{}));
  CHECK(reduce_leads<float, reduce_op::min, 600, 1>(std::integer_sequence<int, 18>{}));
}

TEST_CASE("attention takes the first queries and keys", "[kernels][leading][attention]") {
  constexpr attention_shape s{.batch = 1,
                              .rows = 40,
                              .keys = 50,
                              .heads = 4,
                              .kv_heads = 2,
                              .width = 9,
                              .value_width = 20,
                              .causal = false,
                              .window = 0,
                              .cached = false,
                              .scale = 0};
  CHECK(attention_leads<float, s, 1, 50>());
  CHECK(attention_leads<float, s, 13, 17>());
  CHECK(attention_leads<float, s, 40, 1>());
  constexpr attention_shape windowed = [=] {
    attention_shape of = s;
    of.keys = 40;
    of.causal = true;
    of.window = 7;
    return of;
  }();
  CHECK(attention_leads<float, windowed, 23, 23>());
  CHECK(attention_leads<double, windowed, 6, 6>());
  constexpr attention_shape single = [=] {
    attention_shape of = s;
    of.rows = 1;
    return of;
  }();
  CHECK(attention_leads<float, single, 1, 33>());
}
