#include <etch/passes/fuse_epilogue.hpp>
#include <etch/plan/lengths.hpp>

#include "passes/pass_test.hpp"

namespace {

using namespace etch_test;
using etch::dim;
using etch::extent;

constexpr extent T = dim("T", 24), S = dim("S", 24);

/// The extents of a value, as many as there are.
struct bounded_shape {
  ir::extent_array extents{};
  int rank = 0;
  constexpr bounded_shape(std::initializer_list<extent> of) {
    for (extent const& each : of) extents[static_cast<std::size_t>(rank++)] = each;
  }
  constexpr extent elements() const {
    extent all(1);
    for (int i = 0; i < rank; ++i) all = all * extents[static_cast<std::size_t>(i)];
    return all;
  }
  constexpr ir::shape at_bounds() const {
    ir::shape shape;
    for (int i = 0; i < rank; ++i) shape.push_back(extents[static_cast<std::size_t>(i)].most());
    return shape;
  }
};

/// A graph whose inputs have extents that a call decides.
struct bounded_net : net {
  constexpr ir::node_id bounded(bounded_shape const& of) {
    in_call.elements.push_back(of.elements());
    in_call.axes.push_back(of.extents);
    return ir::add_input(*this, {dtype::f32, of.at_bounds()});
  }
};

/// The elements of the only output, or 0 where a node has no rule.
constexpr extent length_of_output(ir::graph const& g) {
  auto const found = etch::plan::lengths_of(g);
  return found.refused >= 0 ? extent(0) : found.elements[static_cast<std::size_t>(g.outputs[0])];
}

template <class Op>
constexpr extent of_one(ir::attrs_of<Op> const& attributes, bounded_shape const& x) {
  bounded_net g;
  return length_of_output(g.returning(g.add_op<Op>({g.bounded(x)}, attributes)));
}

template <class Op>
constexpr extent of_two(ir::attrs_of<Op> const& attributes, bounded_shape const& x,
                        bounded_shape const& y) {
  bounded_net g;
  auto const first = g.bounded(x), second = g.bounded(y);
  return length_of_output(g.returning(g.add_op<Op>({first, second}, attributes)));
}

constexpr extent refused(0);

constexpr extent of_attention(etch::attention const& how, extent const& queries, extent const& keys,
                              extent const& values) {
  bounded_net g;
  auto const q = g.bounded({queries, 4, 8}), k = g.bounded({keys, 2, 8});
  auto const v = g.bounded({values, 2, 10});
  return length_of_output(g.returning(g.add_op<ops::attention>({q, k, v}, how)));
}

/// A linear with a bias, an epilogue and a wide result.
constexpr extent of_product(bounded_shape const& residual) {
  bounded_net g;
  auto const y = g.add_op<ops::linear>({g.bounded({T, 8}), g.weight("w", 3, 8), g.weight("b", 3)});
  return length_of_output(
      passes::fuse_epilogue{}(g.returning(g.add_op<ops::add>({y, g.bounded(residual)}))));
}

}  // namespace

TEST_CASE("a graph without bounded inputs has no lengths", "[plan][lengths]") {
  net g;
  auto const found = etch::plan::lengths_of(g.returning(g.add_op<ops::relu>({g.input(3, 4)})));
  CHECK(found.elements.empty());
  CHECK(found.refused < 0);
}

TEST_CASE("elementwise operands agree, or repeat for each row", "[plan][lengths]") {
  STATIC_REQUIRE(of_one<ops::relu>({}, {T, 4}) == 4 * T);
  STATIC_REQUIRE(of_two<ops::add>({}, {T, 4}, {T, 4}) == 4 * T);
  STATIC_REQUIRE(of_two<ops::add>({}, {T, 4}, {T, 1}) == 4 * T);
  STATIC_REQUIRE(of_two<ops::add>({}, {T, 1}, {4}) == 4 * T);
  STATIC_REQUIRE(of_two<ops::add>({}, {T, 4}, {1, 1}) == 4 * T);
  STATIC_REQUIRE(of_two<ops::add>({}, {T, 4}, {S, 4}) == refused);
  STATIC_REQUIRE(of_two<ops::add>({}, {T, 4}, {24, 4}) == refused);
  STATIC_REQUIRE(of_two<ops::add>({}, {T, 4}, {24, 1}) == refused);
  STATIC_REQUIRE(of_two<ops::add>({}, {T}, {3, 24}) == refused);
  STATIC_REQUIRE(of_two<ops::add>({}, {T, S}, {S}) == T * S);
  STATIC_REQUIRE(of_two<ops::add>({}, {T, 1}, {S}) == T * S);
  REQUIRE(of_two<ops::add>({}, {T, S}, {T, S}) == T * S);
}

TEST_CASE("a bounded axis has any place among elementwise operands", "[plan][lengths]") {
  STATIC_REQUIRE(of_one<ops::relu>({}, {3, T}) == 3 * T);
  STATIC_REQUIRE(of_two<ops::add>({}, {3, T, 4}, {3, T, 1}) == 12 * T);
  STATIC_REQUIRE(of_two<ops::add>({}, {3, T, 4}, {4}) == 12 * T);
  STATIC_REQUIRE(of_two<ops::add>({}, {3, T}, {1}) == 3 * T);
  STATIC_REQUIRE(of_two<ops::add>({}, {3, T}, {3, 1}) == 3 * T);
  STATIC_REQUIRE(of_two<ops::add>({}, {3, T, 4}, {T, 4}) == 12 * T);
}

TEST_CASE("products and norms go by row", "[plan][lengths]") {
  STATIC_REQUIRE(of_product({T, 3}) == 3 * T);
  STATIC_REQUIRE(of_product({S, 3}) == refused);
  STATIC_REQUIRE(of_product({1, 3}) == 3 * T);
  STATIC_REQUIRE(of_two<ops::matmul>({}, {T, 4}, {4, 5}) == 5 * T);
  STATIC_REQUIRE(of_two<ops::matmul>({}, {T, 4}, {4, S}) == refused);
  STATIC_REQUIRE(of_two<ops::matmul>({}, {2, 24}, {T, 5}) == refused);
  STATIC_REQUIRE(of_two<ops::matmul>({}, {2, T, 4}, {4, 5}) == refused);
  STATIC_REQUIRE(of_one<ops::softmax>({.axis = 1}, {T, 4}) == 4 * T);
  STATIC_REQUIRE(of_one<ops::softmax>({.axis = 0}, {T, 4}) == refused);
  STATIC_REQUIRE(of_two<ops::rms_norm>({}, {T, 4}, {4}) == 4 * T);
}

TEST_CASE("a reduction keeps rows, or takes all of them", "[plan][lengths]") {
  STATIC_REQUIRE(of_one<ops::reduce_sum>({.axes = {1}}, {T, 4}) == T);
  STATIC_REQUIRE(of_one<ops::reduce_mean>({.axes = {0}}, {T, 4}) == extent(4));
  STATIC_REQUIRE(of_one<ops::reduce_max>({.axes = {0, 1}}, {T, 4}) == extent(1));
  STATIC_REQUIRE(of_one<ops::reduce_max>({.axes = {0, 1}}, {T, S}) == extent(1));
  STATIC_REQUIRE(of_one<ops::reduce_sum>({.axes = {0}}, {T, S}) == refused);
  STATIC_REQUIRE(of_one<ops::reduce_sum>({.axes = {1}}, {T, S, 4}) == refused);
  STATIC_REQUIRE(of_one<ops::reduce_sum>({.axes = {2}}, {T, S, 4}) == T * S);
  STATIC_REQUIRE(of_one<ops::reduce_mean>({.axes = {1, 2}, .keepdims = true}, {2, T, S, 4}) ==
                 extent(8));
  STATIC_REQUIRE(of_one<ops::reduce_mean>({.axes = {1}}, {8, T}) == extent(8));
  STATIC_REQUIRE(of_one<ops::reduce_mean>({.axes = {0}}, {8, T}) == refused);
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

TEST_CASE("a mask has the queries and keys of a call", "[plan][lengths]") {
  auto const masked = [](extent const& queries, extent const& keys, bounded_shape const& mask) {
    bounded_net g;
    auto const q = g.bounded({queries, 4, 8}), k = g.bounded({keys, 2, 8});
    auto const y = g.add_op<ops::attention>({q, k, k, g.bounded(mask)}, {});
    return length_of_output(g.returning(y));
  };
  CHECK(masked(T, S, {T, S}) == 32 * T);
  CHECK(masked(T, S, {4, T, S}) == 32 * T);
  CHECK(masked(T, S, {S}) == 32 * T);
  CHECK(masked(T, S, {S, S}) == refused);
  CHECK(masked(T, S, {T, 24}) == refused);
  CHECK(masked(T, T, {24, T}) == refused);
  CHECK(masked(T, T, {T, T}) == 32 * T);
}

TEST_CASE("rows are cut, joined and reshaped", "[plan][lengths]") {
  STATIC_REQUIRE(of_one<ops::reshape>({.shape = {24, 2, 2}}, {T, 4}) == 4 * T);
  STATIC_REQUIRE(of_one<ops::reshape>({.shape = {24, 24, 2}}, {T, S, 2}) == 2 * T * S);
  STATIC_REQUIRE(of_one<ops::slice_rows>({-1}, {T, 4}) == extent(4));
  STATIC_REQUIRE(of_one<ops::slice_rows>({2}, {T, 4}) == 4 * T - 8);
  STATIC_REQUIRE(of_one<ops::slice_rows>({1, -2}, {T, 4}) == 4 * T - 12);
  STATIC_REQUIRE(of_one<ops::slice_rows>({0, 3}, {T, 4}) == extent(12));
  STATIC_REQUIRE(of_one<ops::slice>({{0, 1}, {24, 2}, {1, 1}}, {T, 4}) == 2 * T);
  STATIC_REQUIRE(of_one<ops::slice>({{1, 0}, {23, 4}, {1, 1}}, {T, 4}) == refused);
  STATIC_REQUIRE(of_two<ops::concat>({0}, {T, 4}, {1, 4}) == 4 * T + 4);
  STATIC_REQUIRE(of_two<ops::concat>({0}, {T, 4}, {S, 4}) == 4 * T + 4 * S);
  STATIC_REQUIRE(of_two<ops::concat>({1}, {T, 4}, {T, 2}) == 6 * T);
  STATIC_REQUIRE(of_two<ops::concat>({1}, {T, 4}, {S, 2}) == refused);
  STATIC_REQUIRE(of_two<ops::concat>({1}, {T, 4}, {24, 2}) == refused);
  STATIC_REQUIRE(of_two<ops::rows_like>({}, {30, 3}, {T, 4}) == 3 * T);
}

TEST_CASE("slices say how many rows a call has at least", "[plan][lengths]") {
  auto const limit = [](ops::slice_rows::attrs const& a) {
    bounded_net g;
    auto const found =
        etch::plan::lengths_of(g.returning(g.add_op<ops::slice_rows>({g.bounded({T, 4})}, a)));
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
    auto const x = g->bounded({T, 4});
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

TEST_CASE("a reshape that its numbers leave open is what the model wrote", "[plan][lengths]") {
  using etch::plan::axis_lengths;
  auto const axes = [](bounded_shape const& x, ir::shape const& rows, ir::shape const& shape,
                       std::initializer_list<bounded_shape> written) {
    bounded_net g;
    auto const to = [&](ir::node_id id, ir::shape const& s) {
      ops::reshape::attrs a;
      for (int i = 0; i < s.rank; ++i) a.shape.push_back(s[i]);
      return g.add_op<ops::reshape>({id}, a);
    };
    g.outputs.push_back(to(to(g.bounded(x), rows), shape));
    for (bounded_shape const& each : written) g.in_call.reshaped.push_back({-1, each.extents});
    auto const found = etch::plan::lengths_of(g);
    return found.refused >= 0 ? axis_lengths{} : found.axes.back();
  };
  ir::shape const rows(576, 2), grid(24, 24, 2);
  CHECK(axes({T, S, 2}, rows, grid, {}) == axis_lengths{});
  CHECK(axes({T, S, 2}, rows, grid, {{T, S, 4}}) == axis_lengths{});
  CHECK(axes({T, S, 2}, rows, grid, {{T, S, 2}}) == axis_lengths{1, 2});
  CHECK(axes({T, S, 2}, rows, grid, {{S, T, 2}}) == axis_lengths{2, 1});
  CHECK(axes({T, S, 2}, rows, grid, {{T, S, 2}, {S, T, 2}}) == axis_lengths{});
  ir::shape const square(24, 24), line(1, 24, 24);
  CHECK(axes({T, 24}, line, square, {}) == axis_lengths{1, 0});
  CHECK(axes({T, 24}, line, square, {{24, T}}) == axis_lengths{});
  CHECK(axes({T, 4}, ir::shape(96), ir::shape(24, 2, 2), {}) == axis_lengths{1});
}

TEST_CASE("axes move, and get margins", "[plan][lengths]") {
  auto const axes = [](ir::graph const& g) {
    auto const found = etch::plan::lengths_of(g);
    return found.axes[static_cast<std::size_t>(g.outputs[0])];
  };
  bounded_net g;
  auto const x = g.bounded({T, 4, S});
  g.outputs.push_back(g.add_op<ops::transpose>({x}, {.perm = {2, 0, 1}}));
  CHECK(axes(g) == etch::plan::axis_lengths{2, 1});
  STATIC_REQUIRE(of_one<ops::pad>({.before = {0, 1}, .after = {0, 1}}, {T, 4}) == 6 * T);
  STATIC_REQUIRE(of_one<ops::pad>({.before = {0, 1}, .after = {0, 2}}, {4, T}) == 4 * T + 12);
}

TEST_CASE("windows slide along a length of the call", "[plan][lengths]") {
  using pool = ops::max_pool2d::attrs;
  auto const pooled = [](pool a, bounded_shape const& x) {
    a.channels_last = true;
    return of_one<ops::max_pool2d>(a, x);
  };
  CHECK(pooled({2, 2, 2, 2}, {1, T, 6, 3}) == 9 * (T / 2));
  CHECK(pooled({3, 1, 1, 1}, {1, T, 6, 3}) == 18 * (T - 2));
  CHECK(pooled({3, 1, 2, 1, 1, 0, 1, 0}, {1, T, 6, 3}) == 9 * T);
  CHECK(pooled({1, 3, 1, 1}, {T, 5, S, 3}) == 15 * T * S - 30 * T);
  auto const convolved = [](bounded_shape const& x, int h, int w, ops::conv2d::attrs a) {
    bounded_net g;
    a.channels_last = true;
    return length_of_output(
        g.returning(g.add_op<ops::conv2d>({g.bounded(x), g.weight("w", 8, 4, h, w)}, a)));
  };
  CHECK(convolved({1, T, 6, 4}, 3, 3, {}) == 8 * 4 * (T - 2));
  CHECK(convolved({2, T, S, 4}, 3, 3, {.pad_left = 1, .pad_right = 1}) == 16 * (T - 2) * S);
  CHECK(convolved({1, 1, T, 4}, 1, 3, {.stride_w = 2, .pad_left = 1}) == 4 * T);
  CHECK(convolved({1, 6, T, 4}, 3, 1, {}) == refused);  // columns lie apart by a length of the call
}

TEST_CASE("windows say how long a call is at least", "[plan][lengths]") {
  bounded_net g;
  auto const found = etch::plan::lengths_of(g.returning(g.add_op<ops::avg_pool2d>(
      {g.bounded({1, T, 1, 3})},
      {.kernel_h = 5, .kernel_w = 1, .stride_h = 3, .pad_top = 1, .channels_last = true})));
  REQUIRE(found.limits.size() == 2);
  CHECK(found.limits[0] == etch::plan::row_limit{T / 3, 0});
  CHECK(found.limits[1] == etch::plan::row_limit{T + 1, 5});
}

TEST_CASE("other operators that meet a length of the call are refused", "[plan][lengths]") {
  bounded_net g;
  auto const x = g.add_op<ops::relu>({g.bounded({T, 4})});
  auto const found = etch::plan::lengths_of(g.returning(g.add_op<ops::softmax>({x}, {.axis = 0})));
  REQUIRE(found.refused == 2);
}

TEST_CASE("equal multiples of a length have one common length", "[plan][lengths]") {
  STATIC_REQUIRE(etch::plan::common_length(64 * T) == T);
  STATIC_REQUIRE(etch::plan::common_length(64 * T + 64) == T + 1);
  STATIC_REQUIRE(etch::plan::common_length(T / 2) == T);
  STATIC_REQUIRE(etch::plan::common_length(6 * T * S - 4 * T) == 3 * T * S - 2 * T);
}
