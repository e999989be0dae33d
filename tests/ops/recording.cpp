#include <cstdint>
#include <string>

#include <etch/ir/print.hpp>
#include <etch/ir/verify.hpp>
#include <etch/ops/elementwise_ops.hpp>

#include "catch.hpp"

// What the user functions write into the graph.

namespace {

using namespace etch;

/// The graph of a function on two tensors.
template <class A, class B, class Model>
constexpr ir::graph record_of(Model model) {
  front::recorder to;
  A const a(to, ir::add_input(to.graph, A::type));
  B const b(to, ir::add_input(to.graph, B::type));
  to.graph.outputs.push_back(model(a, b).id());
  ir::verify(to.graph);
  return static_cast<ir::graph&&>(to.graph);
}

using row = tensor<float, 1, 4>;
using column = tensor<float, 3, 1>;

template <class A = row, class B = column, class Model>
std::string text_of(Model model) {
  return ir::to_text(record_of<A, B>(model));
}

constexpr auto perceptron = [](row x, column) {
  return leaky_relu(parameter<float, 4>("w") * x + parameter<float, 4>("b"), 0.2f);
};

constexpr auto numbers = [](row x, column) { return 1 - x * 0.1 / 2.0f; };

constexpr auto choices = [](row x, column y) {
  auto const below = x < y;
  auto const chosen = where(below, x, y);
  return where(chosen == 0, 1.0f, chosen);
};

constexpr auto attributes = [](row x, column) {
  auto const a = elu(gelu(gelu(x), true), 0.5);
  return clamp(a, -1, 1.5);
};

constexpr auto numbers_of_all_kinds = [](row x, column) {
  auto const table = constant<float, 4>({1, 2.5f, -3, 0}, x);
  auto const splat = constant<float>(0.5f, x);
  return x * table + splat;
};

constexpr auto casts = [](row x, column) {
  auto const whole = cast<std::int32_t>(x);
  return cast<float>(cast<std::int32_t>(whole) + 1);
};

}  // namespace

TEST_CASE("operators and functions record one node each", "[ops][front]") {
  STATIC_REQUIRE(record_of<row, column>(perceptron).size() == 7);
  REQUIRE(text_of(perceptron) == R"((%0 : f32[1,4], %1 : f32[3,1]) {
  %2 = parameter 'w' : f32[4]
  %3 = mul(%2, %0) : f32[1,4]
  %4 = parameter 'b' : f32[4]
  %5 = add(%3, %4) : f32[1,4]
  %6 = leaky_relu(%5, 0.2) : f32[1,4]
  return %6
}
)");
}

TEST_CASE("numbers become literals of the dtype of the tensor", "[ops][front]") {
  STATIC_REQUIRE(record_of<row, column>(numbers).size() == 8);
  REQUIRE(text_of(numbers) == R"((%0 : f32[1,4], %1 : f32[3,1]) {
  %2 = constant(0.1) : f32[]
  %3 = mul(%0, %2) : f32[1,4]
  %4 = constant(2) : f32[]
  %5 = div(%3, %4) : f32[1,4]
  %6 = constant(1) : f32[]
  %7 = sub(%6, %5) : f32[1,4]
  return %7
}
)");
}

TEST_CASE("comparisons give bool tensors that where takes", "[ops][front]") {
  STATIC_REQUIRE(record_of<row, column>(choices).size() == 8);
  REQUIRE(text_of(choices) == R"((%0 : f32[1,4], %1 : f32[3,1]) {
  %2 = less(%0, %1) : bool[3,4]
  %3 = where(%2, %0, %1) : f32[3,4]
  %4 = constant(0) : f32[]
  %5 = equal(%3, %4) : bool[3,4]
  %6 = constant(1) : f32[]
  %7 = where(%5, %6, %3) : f32[3,4]
  return %7
}
)");
}

TEST_CASE("attributes are recorded as numbers of the dtype", "[ops][front]") {
  STATIC_REQUIRE(record_of<row, column>(attributes).size() == 6);
  REQUIRE(text_of(attributes) == R"((%0 : f32[1,4], %1 : f32[3,1]) {
  %2 = gelu(%0, false) : f32[1,4]
  %3 = gelu(%2, true) : f32[1,4]
  %4 = elu(%3, 0.5) : f32[1,4]
  %5 = clamp(%4, -1, 1.5) : f32[1,4]
  return %5
}
)");
  constexpr auto slope_of = []<class T>(T) {
    auto const g =
        record_of<tensor<T, 2>, tensor<T, 2>>([](auto x, auto) { return leaky_relu(x, 0.1); });
    return g.template attrs_of<ops::leaky_relu::attrs>(2).slope;
  };
  STATIC_REQUIRE(slope_of(1.0) == 0.1);
  STATIC_REQUIRE(slope_of(1.0f) == static_cast<double>(0.1f));
}

TEST_CASE("a literal has one word for all elements or one for each", "[ops][front]") {
  STATIC_REQUIRE(record_of<row, column>(numbers_of_all_kinds).size() == 6);
  REQUIRE(text_of(numbers_of_all_kinds) == R"((%0 : f32[1,4], %1 : f32[3,1]) {
  %2 = constant(1, 2.5, -3, 0) : f32[4]
  %3 = constant(0.5) : f32[]
  %4 = mul(%0, %2) : f32[1,4]
  %5 = add(%4, %3) : f32[1,4]
  return %5
}
)");
}

TEST_CASE("a cast to the dtype that a tensor has records nothing", "[ops][front]") {
  STATIC_REQUIRE(record_of<row, column>(casts).size() == 6);
  REQUIRE(text_of(casts) == R"((%0 : f32[1,4], %1 : f32[3,1]) {
  %2 = cast(%0, 6) : i32[1,4]
  %3 = constant(1) : i32[]
  %4 = add(%2, %3) : i32[1,4]
  %5 = cast(%4, 0) : f32[1,4]
  return %5
}
)");
}
