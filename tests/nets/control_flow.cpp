#include <array>
#include <cmath>
#include <vector>

#include <etch/eager/executor.hpp>
#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"

// Models with loops and branches: sessions against plain C++ and against the eager executor.

namespace {

using namespace etch;
using namespace etch_test;

template <class View>
std::vector<double> copy_of(View const& view) {
  std::vector<double> copy;
  for (auto const each : view) copy.push_back(static_cast<double>(each));
  return copy;
}

constexpr auto choice = [](tensor<bool, 1> which, tensor<float, 4> x) {
  auto const [sum, twice] = cond(
      which, [&] { return std::tuple(x + 1.0f, x * 2.0f); },
      [&] { return std::tuple(x, x - 1.0f); });
  return boost::hana::make_tuple(sum, twice);
};

/// Halves until the largest is at most `limit`.
template <int Most>
struct halving {
  constexpr auto operator()(tensor<float, 4> x, tensor<float> limit) const {
    auto const [y, turns, finished] = while_loop<Most>(
        x, [&](auto v) { return amax(v) > limit; }, [](auto v) { return v * 0.5f; });
    return boost::hana::make_tuple(y, turns, finished);
  }
};
constexpr halving<5> five_halvings{};

/// Values that change places, are kept, and are collected before they change.
constexpr auto fibonacci = [](tensor<double, 1> a, tensor<double, 1> b) {
  auto const [x, y, all] =
      loop<20>(std::tuple(a, b), [](auto p, auto q) { return std::tuple(q, p + q, p); });
  return boost::hana::make_tuple(x, y, all);
};

constexpr auto counted = [](tensor<float, 3> x) {
  return loop<6>(x, [&](auto turn, auto v) { return v + cast<float>(turn) * x; });
};

constexpr auto backward = [](tensor<float, 2, 5, 3> xs) {
  auto const zero = constant<float, 2, 3>(0, xs);
  auto const [last, sums] = scan<scan_options{.axis = 1, .reverse = true}>(
      zero, xs, [](auto sum, auto x) { return std::tuple(sum + x, sum + x); });
  return boost::hana::make_tuple(last, sums);
};

/// A loop in a loop, a branch in it, products inside and in front of it, and a state around all.
constexpr auto nested = [](tensor<float, 1000, 1, 24> xs) {
  state<float, 1, 48> kept("kept", xs);
  auto const scale = sigmoid(kept);
  auto const [h, ys] = scan(kept, xs, [&](auto before, auto x) {
    auto const product = linear<48>("in", x) * scale;
    auto const settled = loop<3>(before * 0.5f, [&](auto v) {
      return tanh(v * 0.25f + product +
                  linear<48, linear_options{.bias = false}>("rec", v) * 0.05f);
    });
    auto const next = cond(
        mean(settled) > 0.0f, [&] { return settled * 0.5f; }, [&] { return settled + scale; });
    return std::tuple(next, next * scale);
  });
  kept = h;
  return ys;
};

}  // namespace

TEST_CASE("cond runs the branch that its predicate names", "[nets][control_flow]") {
  session<model<choice>> run{known_weights<model<choice>>()};
  std::array<float, 4> const x{1, 2, 3, 4};
  auto const yes = run(std::array<bool, 1>{true}, x);
  CHECK(copy_of(yes[boost::hana::size_c<0>]) == std::vector<double>{2, 3, 4, 5});
  CHECK(copy_of(yes[boost::hana::size_c<1>]) == std::vector<double>{2, 4, 6, 8});
  auto const no = run(std::array<bool, 1>{false}, x);
  CHECK(copy_of(no[boost::hana::size_c<0>]) == std::vector<double>{1, 2, 3, 4});
  CHECK(copy_of(no[boost::hana::size_c<1>]) == std::vector<double>{0, 1, 2, 3});
}

TEST_CASE("while_loop ends by its condition, or says that its bound ended it",
          "[nets][control_flow]") {
  using Model = model<five_halvings>;
  session<Model> run{known_weights<Model>()};
  auto const check = [&](std::array<float, 4> const& x, double first, int turns, bool finished) {
    auto const y = run(x, std::array<float, 1>{1.0f});
    CHECK(static_cast<double>(y[boost::hana::size_c<0>][0]) == first);
    CHECK(y[boost::hana::size_c<1>][0] == turns);
    CHECK(y[boost::hana::size_c<2>][0] == finished);
  };
  check({0.5f, 0, 0, 0}, 0.5, 0, true);  // not once
  check({8, 0, 0, 0}, 1, 3, true);
  check({32, 0, 0, 0}, 1, 5, true);        // by the condition, in the last turn
  check({100, 0, 0, 0}, 3.125, 5, false);  // by the bound
}

TEST_CASE("carried values change places without being overwritten", "[nets][control_flow]") {
  using Model = model<fibonacci>;
  session<Model> run{known_weights<Model>()};
  auto const y = run(std::array<double, 1>{0}, std::array<double, 1>{1});
  CHECK(y[boost::hana::size_c<0>][0] == 6765);
  CHECK(y[boost::hana::size_c<1>][0] == 10946);
  std::vector<double> expected;
  for (double a = 0, b = 1; expected.size() < 20; b += a, a = b - a) expected.push_back(a);
  CHECK(copy_of(y[boost::hana::size_c<2>]) == expected);
}

TEST_CASE("a loop knows its turn", "[nets][control_flow]") {
  session<model<counted>> run{known_weights<model<counted>>()};
  CHECK(copy_of(run(std::array<float, 3>{1, 2, -1})) == std::vector<double>{16, 32, -16});
}

TEST_CASE("scan walks along any axis, from either end", "[nets][control_flow]") {
  using Model = model<backward>;
  session<Model> run{known_weights<Model>()};
  std::array<float, 30> x;
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i);
  auto const y = run(x);
  for (std::size_t b = 0; b < 2; ++b) {
    for (std::size_t c = 0; c < 3; ++c) {
      float sum = 0;
      for (std::size_t t = 5; t-- > 0;) {
        sum += x[b * 15 + t * 3 + c];
        CHECK(y[boost::hana::size_c<1>](b, t, c) == sum);
      }
      CHECK(y[boost::hana::size_c<0>](b, c) == sum);
    }
  }
}

TEST_CASE("nested loops, branches, hoisted products and a state agree with eager, call by call",
          "[nets][control_flow]") {
  using Model = model<nested, options{.require_vector = true}>;
  session<Model> run{known_weights<Model>()};
  std::string const file = weights_file<Model>();
  eager::executor<Model> oracle(safetensors::from_memory(as_bytes(file), "known").value_or_throw());
  std::vector<float> x(24000);
  for (int call = 0; call < 3; ++call) {
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = 0.05f * std::sin(0.01f * static_cast<float>(i) + static_cast<float>(call));
    auto const found = run(input<tensor<float, 1000, 1, 24>>::at(x.data()));
    auto const expected = oracle(input<tensor<float, 1000, 1, 24>>::at(x.data()));
    double worst = 0;
    for (std::size_t i = 0; i < found.size(); ++i)
      worst = std::fmax(worst, std::fabs(static_cast<double>(found[i] - expected[i])));
    CHECK(worst < 2e-4);
  }
}
