#include <etch/ir/verify.hpp>
#include <etch/ops/rotary_embedding.hpp>

#include "ops/structured_case.hpp"

namespace {

using namespace structured;
using etch::rotary;
using etch::rotary_pairing;
using etch::tensor;
using op = etch::ops::rotary_embedding;
using table_op = etch::ops::rotary_table;

template <class T>
void by_complex_numbers(rotary_pairing pairing) {
  generator from(81);
  for (int trial = 0; trial < 20; ++trial) {
    int const batch = pick(from, 1, 2), rows = pick(from, 1, 5), heads = pick(from, 1, 3);
    int const pairs = pick(from, 1, 5), width = 2 * pairs + pick(from, 0, 3);
    int const first = pick(from, 0, 20);
    array x = random_array<T>(from, {batch, rows, heads, width});
    table_op::attrs const angles{.pairing = pairing,
                                 .positions = 40,
                                 .dims = 2 * pairs,
                                 .base = 50,
                                 .type = ir::dtype_of<T>};
    operand<T> table({ir::dtype_of<T>, ir::shape(40, table_op::width(angles))});
    table_op::reference({}, table.ref(), angles);
    array expected = x;
    for (int b = 0; b < batch; ++b)
      for (int t = 0; t < rows; ++t)
        for (int h = 0; h < heads; ++h)
          for (int i = 0; i < pairs; ++i) {
            int const u = pairing == rotary_pairing::halves ? i : 2 * i;
            int const v = pairing == rotary_pairing::halves ? i + pairs : 2 * i + 1;
            double const angle = (first + t) * std::pow(50.0, -static_cast<double>(i) / pairs);
            double const size = std::hypot(x.at({b, t, h, u}), x.at({b, t, h, v}));
            double const turned = std::atan2(x.at({b, t, h, v}), x.at({b, t, h, u})) + angle;
            expected.at({b, t, h, u}) = size * std::cos(turned);
            expected.at({b, t, h, v}) = size * std::sin(turned);
          }
    array at({1});
    at.values[0] = first;
    array const found = run<op, T>({.pairing = pairing, .dims = 2 * pairs}, operand<T>(x), table,
                                   operand<std::int32_t>(at));
    REQUIRE(found.extents == expected.extents);
    for (std::size_t i = 0; i < found.values.size(); ++i)
      REQUIRE(std::fabs(found.values[i] - expected.values[i]) <=
              20 * static_cast<double>(std::numeric_limits<T>::epsilon()));
  }
}

}  // namespace

TEST_CASE("rotary_embedding turns pairs of numbers", "[ops][rotary_embedding]") {
  by_complex_numbers<float>(rotary_pairing::halves);
  by_complex_numbers<float>(rotary_pairing::adjacent);
  by_complex_numbers<double>(rotary_pairing::halves);
  by_complex_numbers<double>(rotary_pairing::adjacent);
}

TEST_CASE("rotary_embedding gives NaN for positions that there are not",
          "[ops][rotary_embedding]") {
  table_op::attrs const angles{.positions = 3, .dims = 2};
  operand<float> table(ir::f32(3, 2));
  table_op::reference({}, table.ref(), angles);
  array const x({2, 1, 2}, 1);
  for (int first : {-1, 0, 1, 2, 3, 2147483647}) {
    array at({1});
    at.values[0] = first;
    array y = run<op, float>({.dims = 2}, operand<float>(x), table, operand<std::int64_t>(at));
    REQUIRE(std::isnan(y.at({0, 0, 1})) == (first < 0 || first > 2));
    REQUIRE(std::isnan(y.at({1, 0, 0})) == (first + 1LL < 0 || first + 1LL > 2));
  }
}

TEST_CASE("rotary_embedding makes its table at load", "[ops][rotary_embedding]") {
  using heads = tensor<float, 4, 2, 10>;
  etch::front::recorder r;
  heads const x(r, ir::add_input(r.graph, heads::type));
  constexpr rotary config{.positions = 7, .pairing = rotary_pairing::adjacent, .dims = 6};
  auto const y = etch::rotary_embedding<config>(x, 3);
  STATIC_REQUIRE(std::is_same_v<decltype(y), heads const>);
  ir::node_id const table = r.graph.input(y.id(), 1);
  REQUIRE(r.graph[table].type == ir::f32(7, 12));
  REQUIRE(r.graph[table].inputs.count == 0);
  r.graph.outputs.push_back(y.id());
  REQUIRE(ir::problem_of(r.graph) == nullptr);
}

TEST_CASE("rotary_embedding refuses what does not fit", "[ops][rotary_embedding]") {
  ir::tensor_type const at{etch::dtype::i64, {}};
  auto const x = ir::f32(4, 2, 10);
  REQUIRE(refusal<op>({.dims = 10}, {x, ir::f32(7, 10), at}) == "");
  REQUIRE(refusal<op>({.dims = 10}, {x, ir::f32(7, 9), at}) == op::malformed_table);
  REQUIRE(refusal<op>({.dims = 9}, {x, ir::f32(7, 9), at}) == op::bad_dims);
  REQUIRE(refusal<op>({.dims = 12}, {x, ir::f32(7, 12), at}) == op::bad_dims);
  REQUIRE(refusal<op>({.dims = 10}, {ir::f32(4, 20), ir::f32(7, 10), at}) == op::bad_rank);
  REQUIRE(refusal<op>({.dims = 10}, {x, ir::f32(7, 10), ir::f32(1)}) == op::bad_position);
  ir::tensor_type const whole{etch::dtype::i32, ir::shape(4, 2, 10)};
  REQUIRE(refusal<op>({.dims = 10}, {whole, ir::f32(7, 10), at}) == op::bad_dtype);
}
