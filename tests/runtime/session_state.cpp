#include <cmath>
#include <utility>
#include <vector>

#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"

// States that a session keeps from call to call.

namespace {

using namespace etch;
using namespace etch_test;

using row = tensor<float, 1, 4>;
using numbers = std::array<float, 4>;

inline constexpr auto cell = [](row x) {
  state<float, 1, 8> h("h", x, parameter<float, 1, 8>("h0"));
  state<float, 1> calls("calls", x);
  calls = calls + 1.0f;
  h = tanh(linear<8>("in", x) + linear<8>("rec", h));
  return outputs("y"_t = linear<3>("out", h), "calls"_t = calls);
};
using Cell = model<cell>;

/// Every way in which what is kept may be something that is about to be overwritten.
inline constexpr auto crossing = [](row x) {
  state<float, 1, 4> a("a", x, 1.0f), b("b", x, 2.0f), c("c", x, 3.0f), d("d", x, 4.0f),
      e("e", x, 5.0f), same("same", x, 6.0f), weight("weight", x), flat("flat", x);
  auto const old_a = a;
  auto const old_c = c;
  a = b;
  b = old_a;      // changes places
  c = x;          // an input
  d = old_c;      // what is overwritten by an input
  e = old_c + d;  // two readers of it
  auto const as_it_was = same;
  same = as_it_was;
  weight = parameter<float, 1, 4>("w");
  flat = reshape<1, 4>(reshape<4>(old_a));
  return boost::hana::make_tuple(old_a, a, e, old_c);
};
using Crossing = model<crossing>;

using plain_row = std::vector<float>;

plain_row once(Cell const&, session<Cell>& run, numbers const& x) {
  auto const y = run(x);
  plain_row all(y["y"_t].begin(), y["y"_t].end());
  all.push_back(y["calls"_t][0]);
  return all;
}
numbers input_of(int call) {
  numbers x{};
  for (std::size_t i = 0; i < 4; ++i)
    x[i] = std::sin(static_cast<float>(call) * 1.7f + static_cast<float>(i));
  return x;
}
std::vector<plain_row> many(session<Cell>& run, int calls, int first = 0) {
  std::vector<plain_row> all;
  for (int i = first; i < first + calls; ++i) all.push_back(once({}, run, input_of(i)));
  return all;
}

}  // namespace

TEST_CASE("a recurrent cell computes what a loop over its formulas does",
          "[runtime][session][state]") {
  session<Cell> run{known_weights<Cell>()};
  auto const value_of = [](char const* name, ir::tensor_type const& type) {
    return random_value(type, core::hash_text(name), false);
  };
  auto const floats = [](value const& v) { return static_cast<float const*>(v.ref().data); };
  auto const h0 = value_of("h0", ir::f32(1, 8)), in = value_of("in.weight", ir::f32(8, 4)),
             in_bias = value_of("in.bias", ir::f32(8)), rec = value_of("rec.weight", ir::f32(8, 8)),
             rec_bias = value_of("rec.bias", ir::f32(8)),
             out = value_of("out.weight", ir::f32(3, 8)),
             out_bias = value_of("out.bias", ir::f32(3));
  std::vector<double> h(floats(h0), floats(h0) + 8);
  for (int call = 0; call < 50; ++call) {
    numbers const x = input_of(call);
    std::vector<double> next(8);
    for (std::size_t o = 0; o < 8; ++o) {
      double sum =
          static_cast<double>(floats(in_bias)[o]) + static_cast<double>(floats(rec_bias)[o]);
      for (std::size_t i = 0; i < 4; ++i)
        sum += static_cast<double>(floats(in)[o * 4 + i]) * static_cast<double>(x[i]);
      for (std::size_t i = 0; i < 8; ++i) sum += static_cast<double>(floats(rec)[o * 8 + i]) * h[i];
      next[o] = std::tanh(sum);
    }
    h = next;
    auto const y = run(x);
    for (std::size_t o = 0; o < 3; ++o) {
      double sum = static_cast<double>(floats(out_bias)[o]);
      for (std::size_t i = 0; i < 8; ++i) sum += static_cast<double>(floats(out)[o * 8 + i]) * h[i];
      CAPTURE(call, o);
      CHECK(static_cast<double>(y["y"_t][o]) == Approx(sum).margin(2e-5));
    }
    CHECK(y["calls"_t][0] == static_cast<float>(call + 1));
  }
}

TEST_CASE("reset goes back to the beginning, whose weights are those of the file",
          "[runtime][session][state]") {
  session<Cell> run{known_weights<Cell>()};
  auto const h0 = random_value(ir::f32(1, 8), core::hash_text("h0"), false);
  auto const expected = static_cast<float const*>(h0.ref().data);
  for (int turn = 0; turn < 2; ++turn) {
    auto const h = run.state("h"_t);
    STATIC_REQUIRE(h.size() == 8);
    CHECK(std::equal(h.begin(), h.end(), expected));
    CHECK(run.state("calls"_t)[0] == 0.0f);
    many(run, 3);
    CHECK(run.state("calls"_t)[0] == 3.0f);
    run.reset();
  }
}

TEST_CASE("what is saved can be played again, in any session", "[runtime][session][state]") {
  STATIC_REQUIRE(session<Cell>::state_bytes >= 9 * sizeof(float));
  STATIC_REQUIRE(Cell::memory().state_bytes == session<Cell>::state_bytes);
  auto const weights = known_weights<Cell>();
  session<Cell> run{weights}, other{weights};
  many(run, 5);
  std::vector<std::byte> const saved = run.save();
  CHECK(std::equal(saved.begin(), saved.end(), run.state().begin(), run.state().end()));
  auto const expected = many(run, 5, 5);
  REQUIRE(run.restore(saved));
  CHECK(many(run, 5, 5) == expected);
  REQUIRE(other.restore(saved));
  CHECK(many(other, 5, 5) == expected);
}

TEST_CASE("a state of another size is refused and changes nothing", "[runtime][session][state]") {
  session<Cell> run{known_weights<Cell>()};
  many(run, 2);
  std::vector<std::byte> const before = run.save();
  std::vector<std::byte> const wrong(before.size() + 1, std::byte{1});
  auto const done = run.restore(wrong);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == errc::invalid_argument);
  CHECK(done.error().text == "etch: session: the saved state has " +
                                 std::to_string(before.size() + 1) + " bytes, the model's has " +
                                 std::to_string(before.size()));
  CHECK_FALSE(run.restore({}));
  CHECK(std::equal(before.begin(), before.end(), run.state().begin()));
}

TEST_CASE("prewarm is calls on zeros", "[runtime][session][state]") {
  auto const weights = known_weights<Cell>();
  session<Cell> run{weights}, by_hand{weights};
  run.prewarm(7);
  for (int i = 0; i < 7; ++i) by_hand(numbers{});
  CHECK(many(run, 2) == many(by_hand, 2));
  run.prewarm(0);
  run.prewarm(-1);
  CHECK(run.state("calls"_t)[0] == 9.0f);
}

TEST_CASE("states are written by name", "[runtime][session][state]") {
  session<Cell> run{known_weights<Cell>()};
  run.state("calls"_t)[0] = 41.0f;
  CHECK(run(numbers{})["calls"_t][0] == 42.0f);
}

TEST_CASE("sessions keep their own states, also when they are moved", "[runtime][session][state]") {
  auto const weights = known_weights<Cell>();
  session<Cell> a{weights}, b{weights};
  auto const expected = many(b, 6);
  many(a, 3);
  session<Cell> moved = std::move(a);
  auto const rest = many(moved, 3, 3);
  CHECK(std::equal(rest.begin(), rest.end(), expected.begin() + 3));
}

TEST_CASE("states are overwritten when all that reads them is done", "[runtime][session][state]") {
  session<Crossing> run{known_weights<Crossing>()};
  float a = 1, b = 2, c = 3, d = 4;
  for (int call = 0; call < 4; ++call) {
    numbers const x = input_of(call);
    std::array<float, 4> old_c{c, c, c, c};
    if (call > 0) old_c = input_of(call - 1);
    auto const y = run(x);
    namespace hana = boost::hana;
    for (std::size_t i = 0; i < 4; ++i) {
      CAPTURE(call, i);
      CHECK(y[hana::size_c<0>][i] == a);
      CHECK(y[hana::size_c<1>][i] == b);
      CHECK(y[hana::size_c<2>][i] == old_c[i] + old_c[i]);
      CHECK(y[hana::size_c<3>][i] == old_c[i]);
      CHECK(run.state("a"_t)[i] == b);
      CHECK(run.state("b"_t)[i] == a);
      CHECK(run.state("c"_t)[i] == x[i]);
      CHECK(run.state("d"_t)[i] == old_c[i]);
      CHECK(run.state("e"_t)[i] == old_c[i] + old_c[i]);
      CHECK(run.state("same"_t)[i] == 6.0f);
      CHECK(run.state("flat"_t)[i] == a);
    }
    auto const w = random_value(ir::f32(1, 4), core::hash_text("w"), false);
    CHECK(std::equal(run.state("weight"_t).begin(), run.state("weight"_t).end(),
                     static_cast<float const*>(w.ref().data)));
    std::swap(a, b);
    d = c;
  }
  CHECK(d == 3.0f);
}

namespace {

/// The state is read by the step that computes its next value: element by element, as a whole by
/// a product, in part; and behind that step.
inline constexpr auto in_place = [](row x) {
  state<float, 1, 4> a("a", x), b("b", x), c("c", x), d("d", x), e("e", x);
  auto const old_d = d;
  a = a * 0.5f + x;
  b = tanh(linear<4>("fc", b) + x);
  c = relu(linear<4>("fc", x)) + c;
  d = old_d + x;
  auto const behind = linear<4>("fc", old_d);
  e = slice<1, 1, 2>(e) + x;
  return outputs("a"_t = a + 1.0f, "behind"_t = behind, "d"_t = d);
};
using InPlace = model<in_place>;

}  // namespace

TEST_CASE("a step writes a state in place where nothing reads it any more",
          "[runtime][session][state]") {
  // a and c by their own steps; b is read by a product, d behind, e in part
  STATIC_REQUIRE(InPlace::net::plan.moves.size() == 3);
  auto const w = random_value(ir::f32(4, 4), core::hash_text("fc.weight"), false);
  auto const bias = random_value(ir::f32(4), core::hash_text("fc.bias"), false);
  auto const fc = [&](std::array<double, 4> const& v) {
    std::array<double, 4> y{};
    for (std::size_t o = 0; o < 4; ++o) {
      y[o] = static_cast<double>(static_cast<float const*>(bias.ref().data)[o]);
      for (std::size_t i = 0; i < 4; ++i)
        y[o] += static_cast<double>(static_cast<float const*>(w.ref().data)[o * 4 + i]) * v[i];
    }
    return y;
  };
  session<InPlace> run{known_weights<InPlace>()};
  std::array<double, 4> a{}, b{}, c{}, d{}, e{};
  for (int call = 0; call < 6; ++call) {
    numbers const x = input_of(call);
    std::array<double, 4> wide;
    std::copy(x.begin(), x.end(), wide.begin());
    auto const y = run(x);
    auto const of_b = fc(b), of_x = fc(wide), of_d = fc(d);
    double const part = e[1];
    for (std::size_t i = 0; i < 4; ++i) {
      a[i] = a[i] * 0.5 + wide[i];
      b[i] = std::tanh(of_b[i] + wide[i]);
      c[i] += std::max(of_x[i], 0.0);
      d[i] += wide[i];
      e[i] = part + wide[i];
    }
    auto const near = [](float found, double expected) {
      return std::fabs(static_cast<double>(found) - expected) < 1e-4 * (1 + std::fabs(expected));
    };
    for (std::size_t i = 0; i < 4; ++i) {
      CAPTURE(call, i);
      CHECK(near(y["a"_t][i], a[i] + 1));
      CHECK(near(y["behind"_t][i], of_d[i]));
      CHECK(near(y["d"_t][i], d[i]));
      CHECK(near(run.state("a"_t)[i], a[i]));
      CHECK(near(run.state("b"_t)[i], b[i]));
      CHECK(near(run.state("c"_t)[i], c[i]));
      CHECK(near(run.state("e"_t)[i], e[i]));
    }
  }
}
