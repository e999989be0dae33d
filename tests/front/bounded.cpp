// The types of results, where the operands have extents that a call decides.

#include <etch/front/trace.hpp>
#include <etch/ops/elementwise_ops.hpp>
#include <etch/ops/structured_ops.hpp>

#include "catch.hpp"

namespace {

using namespace etch;

inline constexpr extent T = dim("T", 64), S = dim("S", 64);

template <class X>
using plain = std::remove_cvref_t<X>;

/// Runs a function on tensors and hands out the type of its result.
template <class... X, class Function>
auto type_of(Function const& function)
    -> std::type_identity<plain<decltype(function(std::declval<X>()...))>>;

template <class Result, class... X, class Function>
constexpr bool gives(Function const&) {
  return std::is_same_v<typename decltype(type_of<X...>(std::declval<Function>()))::type, Result>;
}

using rows = tensor<float, T, 8>;
using other = tensor<float, S, 8>;

constexpr auto traced = [](tensor<float, T, 2, 4> x, tensor<float, T / 2, 3> y, tensor<int, 5> z) {
  return boost::hana::make_tuple(x * 2.0f, y * 2.0f, z + 1);
};

/// An operator that keeps the extents which it was written for as numbers.
struct first_rows {
  static constexpr ir::op_key key{"first_rows"};
  static constexpr ir::traits is{};
  struct attrs {
    int rows = 0;
  };
  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    if (in[0].shape[0] < a.rows) return ir::inferred("there are not as many rows");
    ir::tensor_type out = in[0];
    out.shape[0] = a.rows;
    return out;
  }
  static void reference(ir::operand_refs, ir::tensor_ref, attrs) {}
};

template <class X, int Rows>
inline constexpr bool takes_first_rows =
    front::bounded_call<first_rows, first_rows::attrs{Rows}, X>::ok;

}  // namespace

TEST_CASE("a tensor has the bounds as its type and says that it is bounded", "[front][bounded]") {
  STATIC_REQUIRE(rows::type == ir::f32(64, 8));
  STATIC_REQUIRE(rows::is_bounded);
  STATIC_REQUIRE_FALSE(tensor<float, 64, 8>::is_bounded);
  STATIC_REQUIRE_FALSE(std::is_same_v<rows, other>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<rows, tensor<float, 64, 8>>);
  STATIC_REQUIRE(front::extents_of<tensor<float, 1, T + 1, 8>>[1] == T + 1);
}

TEST_CASE("extents follow through operators that know of numbers only", "[front][bounded]") {
  STATIC_REQUIRE(gives<rows, rows>([](auto x) { return tanh(x) * x + 1.0f; }));
  STATIC_REQUIRE(gives<rows, rows, tensor<float, 8>>([](auto x, auto b) { return x + b; }));
  STATIC_REQUIRE(gives<rows, tensor<float, T, 1>, rows>([](auto x, auto y) { return x * y; }));
  STATIC_REQUIRE(gives<tensor<float, T, 3>, rows>([](auto x) { return linear<3>("w", x); }));
  STATIC_REQUIRE(gives<rows, rows>([](auto x) { return softmax(layer_norm("n", x)); }));
  STATIC_REQUIRE(gives<tensor<float, T>, rows>([](auto x) { return sum<1>(x); }));
  STATIC_REQUIRE(gives<tensor<float, 8>, rows>([](auto x) { return mean<0>(x); }));
  STATIC_REQUIRE(gives<tensor<float, 1, 8>, rows>([](auto x) { return amax<0>(x, keepdims); }));
  STATIC_REQUIRE(
      gives<tensor<float, T + S, 8>, rows, other>([](auto x, auto y) { return concat<0>(x, y); }));
  STATIC_REQUIRE(gives<tensor<float, T + 2, 8>, rows, tensor<float, 2, 8>>(
      [](auto x, auto y) { return concat<0>(y, x); }));
  STATIC_REQUIRE(gives<tensor<float, T, 16>, rows>([](auto x) { return concat<1>(x, x); }));
  STATIC_REQUIRE(gives<tensor<float, T, 5>, tensor<int, T>>(
      [](auto i) { return embedding<9, 5>("words", i); }));
  STATIC_REQUIRE(gives<tensor<float, T, 2, 3>, tensor<float, T, 2, 4>, tensor<float, S, 1, 4>,
                       tensor<float, S, 1, 3>>(
      [](auto q, auto k, auto v) { return scaled_dot_product_attention(q, k, v); }));
}

TEST_CASE("extents follow through shapes and parts", "[front][bounded]") {
  STATIC_REQUIRE(gives<tensor<float, T, 2, 4>, rows>([](auto x) { return reshape<-1, 2, 4>(x); }));
  STATIC_REQUIRE(gives<tensor<float, T, 2, 4>, rows>([](auto x) { return reshape<T, 2, -1>(x); }));
  STATIC_REQUIRE(gives<tensor<float, T * S, 8>, tensor<float, T, S, 8>>(
      [](auto x) { return reshape<-1, 8>(x); }));
  STATIC_REQUIRE(gives<tensor<float, T / 2, 16>, rows>([](auto x) { return reshape<-1, 16>(x); }));
  STATIC_REQUIRE(gives<tensor<float, 1, T, 8>, rows>([](auto x) { return unsqueeze<0>(x); }));
  STATIC_REQUIRE(gives<rows, tensor<float, 1, T, 8>>([](auto x) { return squeeze<0>(x); }));
  STATIC_REQUIRE(gives<tensor<float, T, 1, 8>, rows>([](auto x) { return unsqueeze<1>(x); }));
  STATIC_REQUIRE(gives<rows, tensor<float, T, 2, 4>>([](auto x) { return flatten<1>(x); }));
  STATIC_REQUIRE(gives<tensor<float, 8 * T>, rows>([](auto x) { return flatten<0>(x); }));
  STATIC_REQUIRE(gives<tensor<float, 1, 8>, rows>([](auto x) { return slice<0, -1>(x); }));
  STATIC_REQUIRE(gives<tensor<float, T - 3, 8>, rows>([](auto x) { return slice<0, 3>(x); }));
  STATIC_REQUIRE(gives<tensor<float, T - 3, 8>, rows>([](auto x) { return slice<0, 1, -2>(x); }));
  STATIC_REQUIRE(gives<tensor<float, 5, 8>, rows>([](auto x) { return slice<0, 0, 5>(x); }));
  STATIC_REQUIRE(gives<tensor<float, T, 4>, rows>([](auto x) { return slice<1, 0, 8, 2>(x); }));
  STATIC_REQUIRE(gives<tensor<float, 2, 3>, rows>(
      [](auto x) { return slice<along{.axis = 0, .start = -2}, along{.axis = 1, .stop = 3}>(x); }));
  STATIC_REQUIRE(gives<tensor<float, T, 3>, tensor<float, 70, 3>, rows>(
      [](auto table, auto x) { return rows_like(table, x); }));
}

TEST_CASE("what a scan collects has as many rows as its sequences", "[front][bounded]") {
  STATIC_REQUIRE(gives<tensor<float, T, 4>, rows, tensor<float, 8>>([](auto x, auto h) {
    return std::get<1>(
        scan(h, x, [](auto a, auto row) { return std::tuple(a + row, slice<0, 0, 4>(row)); }));
  }));
}

TEST_CASE("a trace says what calls decide", "[front][bounded]") {
  ir::graph const g = front::trace<traced>();
  REQUIRE(g.in_call.elements.size() == 3);
  CHECK(g.in_call.elements[0] == 8 * T);
  CHECK(g.in_call.elements[1] == 3 * T / 2);
  CHECK(g.in_call.elements[2] == extent(5));
  REQUIRE(g.in_call.parts.size() == 1);
  CHECK(g.in_call.parts[0] == T / 2);
}

TEST_CASE("an operator whose attributes hold a bound does not take the length",
          "[front][bounded]") {
  STATIC_REQUIRE(takes_first_rows<rows, 1>);
  STATIC_REQUIRE_FALSE(takes_first_rows<rows, 64>);
  STATIC_REQUIRE_FALSE(takes_first_rows<tensor<float, dim("T", 2), 8>, 2>);
  STATIC_REQUIRE_FALSE(takes_first_rows<tensor<float, dim("T", 5), 8>, 5>);
}
