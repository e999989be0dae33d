// What a call with lengths of its own takes, returns and refuses.

#include <algorithm>
#include <string>
#include <vector>

#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"

namespace {

using namespace etch;
using namespace etch::literals;

inline constexpr extent T = dim("T", 12);
inline constexpr extent S = dim("S", 6);

template <class Model>
session<Model> session_of() {
  return session<Model>(etch_test::known_weights<Model>());
}

std::vector<float> count_to(std::size_t n) {
  std::vector<float> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(i);
  return x;
}

template <class Result>
std::string refusal(Result const& of) {
  return of ? "" : of.error().text;
}

inline constexpr auto twice = [](tensor<float, T, 2> x) { return x * 2.0f; };

inline constexpr auto halves = [](tensor<float, T, 2> x, tensor<float, T / 2, 2> half,
                                  tensor<float, T + 1, 2> longer) {
  return concat<0>(x, half, longer);
};

inline constexpr auto grid = [](tensor<float, T, S, 2> x, tensor<float, S, 1> y,
                                tensor<float, 2> bias) {
  return boost::hana::make_tuple(x + bias, mean<0>(y), sum<-1>(x));
};

inline constexpr auto by_name = [](named<"rows", tensor<float, T, 2>> rows,
                                   named<"gain", tensor<float, 2>> gain) {
  return outputs("scaled"_t = rows * gain, "last"_t = slice<0, -1>(rows));
};

inline constexpr auto parts = [](tensor<float, T, 2> x) {
  return boost::hana::make_tuple(slice<0, -3>(x), slice<0, 1>(x), slice<0, 1, -2>(x),
                                 slice<0, 0, 2>(x), slice<0, -3, -1>(slice<1, 1>(x)));
};

inline constexpr auto halved = [](tensor<float, T, 2> x) {
  return conv1d<3, signal_conv{.kernel = 3, .stride = 2, .layout = nlc}>("a", x);
};

/// What is new beside as many rows as a call has; two rows of it are kept.
inline constexpr auto decoder = [](tensor<float, T, 1, 4> seen, tensor<float, 1, 1, 4> token,
                                   tensor<std::int32_t> position) {
  auto const own = cached_attention<2>("own", token, token, token, position);
  return own + scaled_dot_product_attention(token, seen, seen);
};

inline constexpr auto remembers = [](tensor<float, T, 2> x) {
  state<float, 1, 2> last("last", x);
  auto const y = x + last;
  last = slice<0, -1>(y);
  return y;
};

}  // namespace

using DispatchedParts = etch::dispatched<parts>;

ETCH_MODEL(DispatchedParts)

TEST_CASE("a call has as many rows as its input", "[runtime][bounded]") {
  auto run = session_of<model<twice>>();
  for (std::size_t rows = 1; rows <= 12; ++rows) {
    std::vector<float> const x = count_to(2 * rows);
    auto const y = run(x);
    REQUIRE(y);
    REQUIRE(y->size() == 2 * rows);
    for (std::size_t i = 0; i < x.size(); ++i) CHECK((*y)[i] == 2 * x[i]);
  }
}

TEST_CASE("a call with no rows, too many, or a part of one is refused", "[runtime][bounded]") {
  auto run = session_of<model<twice>>();
  CHECK(refusal(run(std::vector<float>{})) ==
        "etch: session: input 0 has 0 numbers, so T is 0, expected 1 to 12");
  CHECK(refusal(run(count_to(26))) ==
        "etch: session: input 0 has 26 numbers, so T is 13, expected 1 to 12");
  CHECK(refusal(run(count_to(7))) ==
        "etch: session: input 0 has 7 numbers, which is no whole number of rows for any T");
  CHECK(run(count_to(7)).error().code == errc::invalid_argument);
  CHECK(run(count_to(24)));
}

TEST_CASE("inputs agree about the lengths", "[runtime][bounded]") {
  auto run = session_of<model<halves>>();
  auto const call = [&](std::size_t x, std::size_t half, std::size_t longer) {
    return run(count_to(2 * x), count_to(2 * half), count_to(2 * longer));
  };
  auto const y = call(4, 2, 5);
  REQUIRE(y);
  CHECK(y->size() == 2 * (4 + 2 + 5));
  CHECK((*y)[8] == 0);
  CHECK((*y)[9] == 1);
  CHECK((*y)[12] == 0);
  CHECK(refusal(call(5, 2, 6)) == "etch: session: T / 2 is no whole number where T is 5");
  CHECK(refusal(call(4, 3, 5)) == "etch: session: input 1 has 6 numbers, expected 4 where T is 4");
  CHECK(refusal(call(4, 2, 4)) == "etch: session: input 2 has 8 numbers, expected 10 where T is 4");
}

TEST_CASE("one dim is told behind another", "[runtime][bounded]") {
  auto run = session_of<model<grid>>();
  std::vector<float> const bias{1, 2};
  auto const y = run(count_to(3 * 5 * 2), count_to(5), bias);
  REQUIRE(y);
  auto const shifted = boost::hana::at_c<0>(*y);
  auto const means = boost::hana::at_c<1>(*y);
  auto const sums = boost::hana::at_c<2>(*y);
  REQUIRE(shifted.size() == 30);
  CHECK(shifted[29] == 31);
  REQUIRE(means.size() == 1);
  CHECK(means[0] == 2);
  REQUIRE(sums.size() == 15);
  CHECK(sums[14] == 28 + 29);
  CHECK(refusal(run(count_to(3 * 5 * 2), count_to(4), bias)) ==
        "etch: session: input 0 has 30 numbers, which is no whole number of rows for any T");
  CHECK(refusal(run(count_to(13 * 5 * 2), count_to(5), bias)) ==
        "etch: session: input 0 has 130 numbers, so T is 13, expected 1 to 12");
  CHECK(refusal(run(count_to(30), count_to(5), count_to(3))) ==
        "etch: session: input 2 has 3 numbers, expected 2 where T is 3, S is 5");
}

TEST_CASE("inputs and results by name have lengths too", "[runtime][bounded]") {
  auto run = session_of<model<by_name>>();
  std::vector<float> const gain{2, 3};
  // a reference: clang 14 crashes when it tries to evaluate pairs of what has no fixed size
  auto&& y = run("gain"_t = gain, "rows"_t = count_to(6));
  REQUIRE(y);
  std::span<float const> const scaled = (*y)["scaled"_t], last = (*y)["last"_t];
  REQUIRE(scaled.size() == 6);
  CHECK(scaled[5] == 15);
  REQUIRE(last.size() == 2);
  CHECK(last[1] == 5);
  auto&& refused = run("gain"_t = gain, "rows"_t = count_to(5));
  CHECK(refusal(refused) ==
        "etch: session: input 'rows' has 5 numbers, which is no whole number of rows for any T");
}

TEST_CASE("parts of the rows are counted from either end", "[runtime][bounded]") {
  auto run = session_of<model<parts>>();
  for (std::size_t rows = 4; rows <= 12; ++rows) {
    std::vector<float> const x = count_to(2 * rows);
    auto const y = run(x);
    REQUIRE(y);
    auto const is = [&](auto const& part, std::size_t begin, std::size_t end) {
      return std::equal(part.begin(), part.end(), x.begin() + static_cast<long>(2 * begin),
                        x.begin() + static_cast<long>(2 * end));
    };
    CHECK(is(boost::hana::at_c<0>(*y), rows - 3, rows));
    CHECK(is(boost::hana::at_c<1>(*y), 1, rows));
    CHECK(is(boost::hana::at_c<2>(*y), 1, rows - 2));
    CHECK(is(boost::hana::at_c<3>(*y), 0, 2));
    auto const second = boost::hana::at_c<4>(*y);
    REQUIRE(second.size() == 2);
    CHECK(second[0] == x[2 * (rows - 3) + 1]);
    CHECK(second[1] == x[2 * (rows - 2) + 1]);
  }
  CHECK(refusal(run(count_to(4))) ==
        "etch: session: a slice or a window of the model takes 3 of T rows where T is 2");
  CHECK(refusal(run(count_to(6))) ==
        "etch: session: a slice or a window of the model takes 4 of T rows where T is 3");
}

TEST_CASE("a state goes on from call to call of any length", "[runtime][bounded]") {
  auto run = session_of<model<remembers>>();
  auto const first = run(std::vector<float>{1, 2, 3, 4});
  REQUIRE(first);
  CHECK((*first)[3] == 4);
  CHECK_FALSE(run(std::vector<float>{}));  // changes nothing
  auto const second = run(std::vector<float>{10, 20});
  REQUIRE(second);
  CHECK((*second)[0] == 13);
  CHECK((*second)[1] == 24);
  run.reset();
  CHECK((*run(std::vector<float>{5, 6}))[1] == 6);
  run.prewarm(2);
  session<model<remembers>> moved = std::move(run);
  CHECK((*moved(std::vector<float>{5, 6}))[1] == 12);
}

TEST_CASE("a call has whole steps of a window, and as many rows", "[runtime][bounded]") {
  auto run = session_of<model<halved>>();
  CHECK(refusal(run(count_to(2 * 7))) == "etch: session: T / 2 is no whole number where T is 7");
  CHECK(refusal(run(count_to(2 * 2))) ==
        "etch: session: a slice or a window of the model takes 3 of T rows where T is 2");
  auto const y = run(count_to(2 * 12));
  REQUIRE(y);
  CHECK(y->size() == 3 * 5);
}

TEST_CASE("a call of any length finds a cache full", "[runtime][bounded]") {
  auto run = session_of<model<decoder>>();
  std::vector<float> const token = count_to(4);
  CHECK(run(count_to(12), token, std::vector<std::int32_t>{1}));
  auto const full = run(count_to(12), token, std::vector<std::int32_t>{2});
  REQUIRE_FALSE(full);
  CHECK(full.error().code == errc::exhausted);
  CHECK(full.error().text ==
        "etch: session: the cache is full: 2 of 2 rows are taken, the call brings 1");
}

TEST_CASE("instances have the lengths of their call in common", "[runtime][bounded]") {
  using net = model<remembers>;
  instances<net, 3> all{etch_test::known_weights<net>()};
  STATIC_REQUIRE(instances<net, 3>::side_by_side == 0);
  std::vector<session<net>> alone;
  for (int i = 0; i < 3; ++i) alone.push_back(session_of<net>());
  for (std::size_t rows : {4u, 1u, 12u}) {
    std::vector<float> const x = count_to(3 * 2 * rows);
    auto const y = all(x);
    REQUIRE(y);
    REQUIRE(y->size() == x.size());
    for (std::size_t i = 0; i < 3; ++i) {
      auto const own = std::span<float const>(x).subspan(i * 2 * rows, 2 * rows);
      auto const expected = alone[i](own);
      REQUIRE(expected);
      CHECK(std::equal(expected->begin(), expected->end(),
                       y->begin() + static_cast<long>(i * 2 * rows)));
    }
    all[1].reset();
    alone[1].reset();
  }
  CHECK(refusal(all(count_to(3 * 26))) ==
        "etch: session: input 0 has 26 numbers, so T is 13, expected 1 to 12");
  CHECK(refusal(all(count_to(8))) ==
        "etch: instances: input 0 has 8 numbers, which are not as many for each of 3 instances");
}

TEST_CASE("the code of a call of any length is picked at load", "[runtime][bounded]") {
  session<DispatchedParts> run{etch_test::known_weights<DispatchedParts>()};
  instances<DispatchedParts, 2> both{etch_test::known_weights<DispatchedParts>()};
  for (std::size_t rows : {5u, 12u}) {
    std::vector<float> const x = count_to(2 * rows);
    auto const y = run(x);
    REQUIRE(y);
    auto const middle = boost::hana::at_c<2>(*y);
    CHECK(std::equal(middle.begin(), middle.end(), x.begin() + 2, x.end() - 4));
    std::vector<float> two = x;
    two.insert(two.end(), x.begin(), x.end());
    auto const of_both = both(two);
    REQUIRE(of_both);
    CHECK(boost::hana::at_c<2>(*of_both).size() == 2 * middle.size());
  }
  CHECK_FALSE(run(count_to(26)));
}
