// Models with lengths that the call decides, operator by operator: beside the compiled ones.

#include <etch/eager/executor.hpp>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "nets/bounded_net.hpp"
#include "support/known_weights.hpp"

namespace {

using namespace etch;
using etch_test::some_numbers;

inline constexpr extent T = dim("T", 20);
inline constexpr extent S = dim("S", 20);

/// Rows of two lengths with one bound as rows of their product; a part of each row, half the rows.
inline constexpr auto grid = [](named<"x", tensor<float, T, S, 8>> x,
                                named<"y", tensor<float, S, 3>> y,
                                named<"half", tensor<float, T / 2, 5>> half) {
  auto const h = relu(linear<9>("in", reshape<-1, 8>(x)));
  auto const z = reshape<T, S, 3>(slice<1, 2, 5>(h)) + mean<0>(y);
  auto const pairs = reshape<T / 2, 10>(reshape<T, 5>(concat<0>(half, half)));
  return outputs("z"_t = z, "pairs"_t = concat<1>(half, pairs), "sum"_t = sum<0, 1>(z));
};

/// Tokens with positions, what each sees of those before it, and a walk along them.
inline constexpr auto walk = [](tensor<std::int32_t, T> tokens) {
  auto const x =
      embedding<50, 12>("words", tokens) + rows_like(parameter<float, 20, 12>("positions"), tokens);
  auto const heads = reshape<-1, 3, 4>(linear<12>("heads", x));
  auto const seen = scaled_dot_product_attention<attention{.causal = true}>(heads, heads, heads);
  auto const [last, all] =
      scan(mean<0>(x), reshape<-1, 12>(seen) + x, [](auto const& left, auto const& row) {
        auto const next = left * 0.5f + row;
        return std::tuple(next, slice<0, 0, 7>(next));
      });
  return slice<0, -3>(all) + slice<0, 5>(last);
};

/// A signal whose channels lie before its rows, with a mask that the model makes of it.
inline constexpr auto signal = [](tensor<float, 6, T> x) {
  constexpr signal_conv halving{.kernel = 4, .stride = 2, .padding = {1, 1}, .layout = nlc};
  auto const rows = transpose<1, 0>(x);
  auto const half = relu(conv1d<8, halving>("a", pad<margin{.axis = 1, .before = 2}>(rows)));
  auto const level = mean<1>(rows, keepdims);
  auto const mask = level >= transpose<1, 0>(mean<1>(half, keepdims)) - 10.0f;
  auto const heads = reshape<-1, 2, 4>(half);
  auto const seen =
      scaled_dot_product_attention(reshape<-1, 2, 4>(linear<8>("q", rows)), heads, heads, mask);
  return concat<1>(reshape<-1, 8>(seen), level);
};

template <class Model>
eager::executor<Model> eager_of(eager::arithmetic how = eager::arithmetic::eigen) {
  std::string const file = etch_test::weights_file<Model>();
  auto const parsed = safetensors::from_memory(etch_test::as_bytes(file), "known");
  return eager::executor<Model>::from(parsed.value_or_throw(), how).value_or_throw();
}

bool close(std::span<float const> found, std::span<float const> expected) {
  if (found.size() != expected.size()) return false;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!(std::fabs(found[i] - expected[i]) <= 1e-5f * (1 + std::fabs(expected[i])))) return false;
  }
  return true;
}

std::vector<float> floats(int count) {
  return some_numbers<float>(static_cast<std::size_t>(count), 37);
}

}  // namespace

TEST_CASE("an executor takes the lengths of a call as a session does", "[eager][bounded]") {
  using net = model<grid>;
  session<net> compiled{etch_test::known_weights<net>()};
  auto eager = eager_of<net>();
  for (auto const& [t, s] : {std::pair{2, 20}, std::pair{20, 1}, std::pair{6, 7}}) {
    CAPTURE(t, s);
    auto const x = floats(t * s * 8), y = floats(s * 3), half = floats(t / 2 * 5);
    auto&& expected = compiled("x"_t = x, "y"_t = y, "half"_t = half);
    auto&& found = eager("half"_t = half, "x"_t = x, "y"_t = y);
    REQUIRE(expected);
    REQUIRE(found);
    CHECK((*found)["z"_t].shape() == ir::shape(t, s, 3));
    CHECK((*found)["pairs"_t].shape() == ir::shape(t / 2, 15));
    CHECK(close((*found)["z"_t], (*expected)["z"_t]));
    CHECK(close((*found)["pairs"_t], (*expected)["pairs"_t]));
    CHECK(close((*found)["sum"_t], (*expected)["sum"_t]));
    ir::verify(eager.graph());
  }
  auto const text = [](auto const& answer) { return answer ? "" : answer.error().text; };
  auto const x = floats(24), y = floats(9), half = floats(5);
  CHECK(text(eager("x"_t = x, "y"_t = y, "half"_t = half)) ==
        "etch: session: input 'x' has 24 numbers, expected 48 where T is 2, S is 3");
  CHECK(text(eager("x"_t = x, "y"_t = floats(7), "half"_t = half)) ==
        text(compiled("x"_t = x, "y"_t = floats(7), "half"_t = half)));
}

TEST_CASE("every value of a call has its own shape", "[eager][bounded]") {
  using net = model<walk>;
  session<net> compiled{etch_test::known_weights<net>()};
  for (auto how : {eager::arithmetic::eigen, eager::arithmetic::reference}) {
    auto eager = eager_of<net>(how);
    for (std::size_t t : {std::size_t{20}, std::size_t{4}, std::size_t{11}}) {
      CAPTURE(t);
      auto const tokens = some_numbers<std::int32_t>(t, 37);
      std::vector<ir::shape> shapes;
      eager.watch([&](ir::node_id, ir::node const& n, eager::tensor const& value) {
        CHECK(value.type() == n.type);
        if (!n.name.count) shapes.push_back(value.type().shape);
      });
      auto const expected = compiled(tokens);
      auto const found = eager(tokens);
      REQUIRE(expected);
      REQUIRE(found);
      CHECK(close(*found, *expected));
      auto const rows = static_cast<std::int64_t>(t);
      CHECK(std::count(shapes.begin(), shapes.end(), ir::shape(rows, 12)) >= 4);
      CHECK(std::count(shapes.begin(), shapes.end(), ir::shape(rows, 3, 4)) == 2);
      CHECK(std::count(shapes.begin(), shapes.end(), ir::shape(rows, 7)) == 1);
    }
    CHECK(eager(some_numbers<std::int32_t>(2, 1)).error().text ==
          "etch: session: a slice or a window of the model takes 3 of T rows where T is 2");
  }
}

TEST_CASE("an executor goes along signals of any length", "[eager][bounded]") {
  using net = model<signal>;
  session<net> compiled{etch_test::known_weights<net>()};
  auto eager = eager_of<net>();
  for (int t : {2, 20, 14}) {
    auto const x = floats(6 * t);
    auto const expected = compiled(x);
    auto const found = eager(x);
    REQUIRE(expected);
    REQUIRE(found);
    CHECK(found->shape() == ir::shape(t, 9));
    CHECK(close(*found, *expected));
  }
  CHECK(eager(floats(6 * 3)).error().text == compiled(floats(6 * 3)).error().text);
}
