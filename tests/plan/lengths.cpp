#include <etch/passes/fuse_epilogue.hpp>
#include <etch/plan/lengths.hpp>

#include "passes/pass_test.hpp"

namespace {

using namespace etch_test;
using etch::dim;
using etch::extent;

constexpr extent T = dim("T", 24), S = dim("S", 24);

/// A graph whose inputs have so many elements in a call.
struct bounded_net : net {
  template <std::integral... I>
  constexpr ir::node_id rows(extent const& elements, I... extents) {
    in_call.elements.push_back(elements);
    return input(extents...);
  }
};

/// What the only output has, or 0 where a node has no rule.
constexpr extent length_of_output(ir::graph const& g) {
  auto const found = etch::plan::lengths_of(g);
  return found.refused >= 0 ? extent(0) : found.elements[static_cast<std::size_t>(g.outputs[0])];
}

template <class Op, class... Extents>
constexpr extent of_one(ir::attrs_of<Op> const& attributes, extent const& elements,
                        Extents... extents) {
  bounded_net g;
  return length_of_output(g.returning(g.add_op<Op>({g.rows(elements, extents...)}, attributes)));
}

template <class Op>
constexpr extent of_two(ir::attrs_of<Op> const& attributes, extent const& a, ir::shape const& x,
                        extent const& b, ir::shape const& y) {
  bounded_net g;
  g.in_call.elements = {a, b};
  auto const first = ir::add_input(g, {dtype::f32, x});
  auto const second = ir::add_input(g, {dtype::f32, y});
  return length_of_output(g.returning(g.add_op<Op>({first, second}, attributes)));
}

constexpr extent refused(0);

constexpr extent of_attention(etch::attention const& how, extent const& queries, extent const& keys,
                              extent const& values) {
  bounded_net g;
  auto const q = g.rows(32 * queries, 24, 4, 8), k = g.rows(16 * keys, 24, 2, 8);
  auto const v = g.rows(20 * values, 24, 2, 10);
  return length_of_output(g.returning(g.add_op<ops::attention>({q, k, v}, how)));
}

/// A linear with a bias, an epilogue and a wide result.
constexpr extent of_product(extent const& residual) {
  bounded_net g;
  auto const y =
      g.add_op<ops::linear>({g.rows(8 * T, 24, 8), g.weight("w", 3, 8), g.weight("b", 3)});
  return length_of_output(
      passes::fuse_epilogue{}(g.returning(g.add_op<ops::add>({y, g.rows(residual, 24, 3)}))));
}

}  // namespace

TEST_CASE("a graph without bounded inputs has no lengths", "[plan][lengths]") {
  net g;
  auto const found = etch::plan::lengths_of(g.returning(g.add_op<ops::relu>({g.input(3, 4)})));
  CHECK(found.elements.empty());
  CHECK(found.refused < 0);
}

TEST_CASE("elementwise operands agree, or repeat for each row", "[plan][lengths]") {
  using ir::shape;
  STATIC_REQUIRE(of_one<ops::relu>({}, 4 * T, 24, 4) == 4 * T);
  STATIC_REQUIRE(of_two<ops::add>({}, 4 * T, shape(24, 4), 4 * T, shape(24, 4)) == 4 * T);
  STATIC_REQUIRE(of_two<ops::add>({}, 4 * T, shape(24, 4), T, shape(24, 1)) == 4 * T);
  STATIC_REQUIRE(of_two<ops::add>({}, T, shape(24, 1), extent(4), shape(4)) == 4 * T);
  STATIC_REQUIRE(of_two<ops::add>({}, 4 * T, shape(24, 4), extent(1), shape(1, 1)) == 4 * T);
  STATIC_REQUIRE(of_two<ops::add>({}, 4 * T, shape(24, 4), 4 * S, shape(24, 4)) == refused);
  STATIC_REQUIRE(of_two<ops::add>({}, 4 * T, shape(24, 4), extent(96), shape(24, 4)) == refused);
  STATIC_REQUIRE(of_two<ops::add>({}, 4 * T, shape(24, 4), extent(24), shape(24, 1)) == refused);
  STATIC_REQUIRE(of_two<ops::add>({}, T, shape(24), extent(72), shape(3, 24)) == refused);
  STATIC_REQUIRE(of_two<ops::add>({}, T * S, shape(24, 24), S, shape(24)) == refused);
  REQUIRE(of_two<ops::add>({}, T * S, shape(24, 24), T * S, shape(24, 24)) == T * S);
}

TEST_CASE("products and norms go by row", "[plan][lengths]") {
  using ir::shape;
  STATIC_REQUIRE(of_product(3 * T) == 3 * T);
  STATIC_REQUIRE(of_product(3 * S) == refused);
  STATIC_REQUIRE(of_two<ops::matmul>({}, 4 * T, shape(24, 4), extent(20), shape(4, 5)) == 5 * T);
  STATIC_REQUIRE(of_two<ops::matmul>({}, 4 * T, shape(24, 4), 5 * S, shape(4, 5)) == refused);
  STATIC_REQUIRE(of_two<ops::matmul>({}, extent(48), shape(2, 24), 5 * T, shape(24, 5)) == refused);
  STATIC_REQUIRE(of_one<ops::softmax>({.axis = 1}, 4 * T, 24, 4) == 4 * T);
  STATIC_REQUIRE(of_one<ops::softmax>({.axis = 0}, 4 * T, 24, 4) == refused);
  STATIC_REQUIRE(of_two<ops::rms_norm>({}, 4 * T, shape(24, 4), extent(4), shape(4)) == 4 * T);
}

TEST_CASE("a reduction keeps rows, or takes all of them", "[plan][lengths]") {
  STATIC_REQUIRE(of_one<ops::reduce_sum>({.axes = {1}}, 4 * T, 24, 4) == T);
  STATIC_REQUIRE(of_one<ops::reduce_mean>({.axes = {0}}, 4 * T, 24, 4) == extent(4));
  STATIC_REQUIRE(of_one<ops::reduce_max>({.axes = {0, 1}}, 4 * T, 24, 4) == extent(1));
  STATIC_REQUIRE(of_one<ops::reduce_max>({.axes = {0, 1}}, T * S, 24, 24) == extent(1));
  STATIC_REQUIRE(of_one<ops::reduce_sum>({.axes = {0}}, T * S, 24, 24) == refused);
  STATIC_REQUIRE(of_one<ops::reduce_sum>({.axes = {1}}, 4 * T * S, 24, 24, 4) == refused);
  STATIC_REQUIRE(of_one<ops::reduce_sum>({.axes = {2}}, 4 * T * S, 24, 24, 4) == T * S);
}

TEST_CASE("queries and keys of attention have their own lengths", "[plan][lengths]") {
  STATIC_REQUIRE(of_attention({}, T, T, T) == 40 * T);
  STATIC_REQUIRE(of_attention({}, T, S, S) == 40 * T);
  STATIC_REQUIRE(of_attention({}, T, extent(24), extent(24)) == 40 * T);
  STATIC_REQUIRE(of_attention({}, extent(24), S, S) == extent(24 * 40));
  STATIC_REQUIRE(of_attention({}, T, T, S) == refused);
  STATIC_REQUIRE(of_attention({.causal = true}, T, T, T) == 40 * T);
  STATIC_REQUIRE(of_attention({.causal = true}, T, S, S) == refused);
}

TEST_CASE("rows are cut, joined and reshaped", "[plan][lengths]") {
  using ir::shape;
  STATIC_REQUIRE(of_one<ops::reshape>({.shape = {24, 2, 2}}, 4 * T, 24, 4) == 4 * T);
  STATIC_REQUIRE(of_one<ops::slice_rows>({-1}, 4 * T, 24, 4) == extent(4));
  STATIC_REQUIRE(of_one<ops::slice_rows>({2}, 4 * T, 24, 4) == 4 * T - 8);
  STATIC_REQUIRE(of_one<ops::slice_rows>({1, -2}, 4 * T, 24, 4) == 4 * T - 12);
  STATIC_REQUIRE(of_one<ops::slice_rows>({0, 3}, 4 * T, 24, 4) == extent(12));
  STATIC_REQUIRE(of_one<ops::slice>({{0, 1}, {24, 2}, {1, 1}}, 4 * T, 24, 4) == 2 * T);
  STATIC_REQUIRE(of_one<ops::slice>({{1, 0}, {23, 4}, {1, 1}}, 4 * T, 24, 4) == refused);
  STATIC_REQUIRE(of_two<ops::concat>({0}, 4 * T, shape(24, 4), extent(4), shape(1, 4)) ==
                 4 * T + 4);
  STATIC_REQUIRE(of_two<ops::concat>({0}, 4 * T, shape(24, 4), 4 * S, shape(24, 4)) ==
                 4 * T + 4 * S);
  STATIC_REQUIRE(of_two<ops::concat>({1}, 4 * T, shape(24, 4), 2 * T, shape(24, 2)) == 6 * T);
  STATIC_REQUIRE(of_two<ops::concat>({1}, 4 * T, shape(24, 4), 2 * S, shape(24, 2)) == refused);
  STATIC_REQUIRE(of_two<ops::concat>({1}, 4 * T, shape(24, 4), extent(48), shape(24, 2)) ==
                 refused);
  STATIC_REQUIRE(of_two<ops::rows_like>({}, extent(90), shape(30, 3), 4 * T, shape(24, 4)) ==
                 3 * T);
}

TEST_CASE("slices say how many rows a call has at least", "[plan][lengths]") {
  auto const limit = [](ops::slice_rows::attrs const& a) {
    bounded_net g;
    auto const found =
        etch::plan::lengths_of(g.returning(g.add_op<ops::slice_rows>({g.rows(4 * T, 24, 4)}, a)));
    return found.limits.empty() ? 1 : found.limits[0].least;
  };
  CHECK(limit({-1}) == 1);
  CHECK(limit({-5}) == 5);
  CHECK(limit({3}) == 4);
  CHECK(limit({3, -2}) == 6);
  CHECK(limit({-4, -2}) == 4);
  CHECK(limit({1, 3}) == 3);
}

TEST_CASE("a part of a length is whole where an input has it", "[plan][lengths]") {
  bounded_net with_half, without;
  for (bounded_net* g : {&with_half, &without}) {
    auto const x = g->rows(4 * T, 24, 4);
    auto const pairs = g->add_op<ops::reshape>({x}, {.shape = {12, 8}});
    g->outputs.push_back(g->add_op<ops::softmax>({pairs}, {.axis = 1}));
  }
  with_half.in_call.parts = {T / 2};
  CHECK(length_of_output(with_half) == 4 * T);
  CHECK(length_of_output(without) == refused);
  with_half.in_call.parts = {S / 2};
  CHECK(length_of_output(with_half) == refused);
  with_half.in_call.parts = {(T + 1) / 2};
  CHECK(length_of_output(with_half) == refused);
}

TEST_CASE("other operators that meet a length of the call are refused", "[plan][lengths]") {
  STATIC_REQUIRE(of_one<ops::transpose>({.perm = {1, 0}}, 4 * T, 24, 4) == refused);
  STATIC_REQUIRE(of_one<ops::pad>({.before = {0, 1}, .after = {0, 1}}, 4 * T, 24, 4) == refused);
  bounded_net g;
  auto const x = g.rows(4 * T, 24, 4);
  auto const found =
      etch::plan::lengths_of(g.returning(g.add_op<ops::transpose>({x}, {.perm = {1, 0}})));
  REQUIRE(found.refused == 1);
}

TEST_CASE("equal multiples of a length have one common length", "[plan][lengths]") {
  STATIC_REQUIRE(etch::plan::common_length(64 * T) == T);
  STATIC_REQUIRE(etch::plan::common_length(64 * T + 64) == T + 1);
  STATIC_REQUIRE(etch::plan::common_length(T / 2) == T);
  STATIC_REQUIRE(etch::plan::common_length(6 * T * S - 4 * T) == 3 * T * S - 2 * T);
}
