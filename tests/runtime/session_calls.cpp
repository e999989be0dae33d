#include <array>
#include <utility>

#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"

// Models called as programs call them, against the meaning of the graph as written.

namespace {

using namespace etch;
using namespace etch_test;

using row = tensor<float, 2, 8>;
using row_span = std::span<float const, 16>;

row_span floats(value const& v) { return numbers_of<float, 16>(v); }

constexpr auto one = [](row x) { return relu(linear<8>("fc", x)) + x; };

constexpr auto two = [](row x, row y) {
  auto const joined = linear<8>("fc", x) * y;
  return boost::hana::make_tuple(tanh(joined), x - y);
};

constexpr auto named_ones = [](named<"x", row> x, named<"scale", tensor<float, 8>> scale) {
  auto const logits = linear<3>("head", x * scale);
  return outputs("logits"_t = logits, "probabilities"_t = softmax(logits));
};

/// One weight for two layers: read, packed and held once.
constexpr auto tied = [](row x) {
  auto const w = parameter<float, 8, 8>("shared.weight", x);
  return linear(relu(linear(x, w)), w);
};

struct shape_of_net {
  int width = 8;
  int depth = 2;
  bool residual = true;
};

template <shape_of_net Config>
struct deep {
  constexpr auto operator()(row x) const {
    auto h = linear<Config.width>("in", x);
    for (int i = 0; i < Config.depth; ++i) {
      auto const y = relu(linear<Config.width>(scope("h") / i / "fc", h));
      h = Config.residual ? y + h : y + 0.0f * h;
    }
    return linear<4>("out", h);
  }
};

constexpr auto passing_on = [](row x) {
  return boost::hana::make_tuple(x, reshape<16>(x), exp(parameter<float, 4>("w", x)));
};

/// What a fused step computes in, only its literals say.
constexpr auto chosen_by_mask = [](tensor<bool, 3, 5> mask) {
  return where(mask, 1.5f, -0.25f) * 0.5f;
};

/// Two steps of one kind that differ in the sign of a zero.
constexpr auto zeros = [](tensor<float, 4> x, tensor<float, 4> y) {
  return boost::hana::make_tuple(max(x, y) * 0.0f, max(y, x) * -0.0f);
};

template <class Model>
std::vector<value> meaning(std::vector<value> const& inputs) {
  return evaluate(Model::trace(), inputs);
}

}  // namespace

TEST_CASE("a session takes arrays, C arrays, spans and views", "[runtime][session]") {
  using net = model<one>;
  session<net> run{known_weights<net>()};
  auto const inputs = random_inputs(net::trace(), 1);
  auto const expected = meaning<net>(inputs);
  REQUIRE(agrees(run(floats(inputs[0])), expected[0]));

  std::array<float, 16> numbers{};
  float plain[16];
  for (std::size_t i = 0; i < 16; ++i) plain[i] = numbers[i] = floats(inputs[0])[i];
  REQUIRE(agrees(run(numbers), expected[0]));
  REQUIRE(agrees(run(plain), expected[0]));
  REQUIRE(agrees(run(input<row>::at(numbers.data())), expected[0]));
  REQUIRE(agrees(run(view<row>(plain)), expected[0]));
  auto const y = run(numbers);
  REQUIRE(y(1, 3) == y[11]);
  REQUIRE(y.size() == 16);
}

TEST_CASE("inputs and outputs go by position", "[runtime][session]") {
  using net = model<two>;
  session<net> run{known_weights<net>()};
  auto const inputs = random_inputs(net::trace(), 2);
  auto const expected = meaning<net>(inputs);
  auto const results = run(floats(inputs[0]), floats(inputs[1]));
  REQUIRE(agrees(results[boost::hana::size_c<0>], expected[0]));
  REQUIRE(agrees(results[boost::hana::size_c<1>], expected[1], 0));
  // The other way round is another answer.
  auto const swapped = run(floats(inputs[1]), floats(inputs[0]));
  REQUIRE(agrees(swapped[boost::hana::size_c<1>], meaning<net>({inputs[1], inputs[0]})[1], 0));
}

TEST_CASE("inputs and outputs go by name, in any order", "[runtime][session]") {
  using net = model<named_ones>;
  session<net> run{known_weights<net>()};
  ir::graph const g = net::trace();
  REQUIRE(g.name_of(g.inputs[0]) == "x");
  REQUIRE(g.name_of(g.inputs[1]) == "scale");
  auto const inputs = random_inputs(g, 3);
  auto const expected = meaning<net>(inputs);
  auto const x = floats(inputs[0]);
  auto const scale = numbers_of<float, 8>(inputs[1]);
  auto const index = [&](std::string_view name) {
    return g.text_of(g.output_names[0]) == name ? 0u : 1u;
  };
  auto const check = [&](auto const& results) {
    REQUIRE(agrees(results["logits"_t], expected[index("logits")]));
    REQUIRE(agrees(results["probabilities"_t], expected[index("probabilities")]));
  };
  check(run("x"_t = x, "scale"_t = scale));
  check(run("scale"_t = scale, "x"_t = x));
  check(run(x, scale));
}

TEST_CASE("a parameter that is used twice is one parameter", "[runtime][session]") {
  using net = model<tied>;
  STATIC_REQUIRE(net::memory().weights_bytes < 2 * 8 * 16 * 4);  // 8 columns in packs of 16
  session<net> run{known_weights<net>()};
  auto const inputs = random_inputs(net::trace(), 4);
  REQUIRE(agrees(run(floats(inputs[0])), meaning<net>(inputs)[0]));
}

TEST_CASE("a structure configures a model, depth is a loop", "[runtime][session]") {
  using small = model<deep<shape_of_net{}>{}>;
  using large = model<deep<shape_of_net{.width = 12, .depth = 5}>{}>;
  using plain = model<deep<shape_of_net{.depth = 1, .residual = false}>{}>;
  STATIC_REQUIRE(small::cost().steps == 4);
  STATIC_REQUIRE(large::cost().steps == 7);
  // All layers in the middle are one function.
  STATIC_REQUIRE(large::net::plan.steps[5].same_as == 1);
  REQUIRE(large::trace().name_of(5) == "h.0.fc.bias");
  auto const inputs = random_inputs(small::trace(), 5);
  session<small> run_small{known_weights<small>()};
  session<large> run_large{known_weights<large>()};
  session<plain> run_plain{known_weights<plain>()};
  REQUIRE(agrees(run_small(floats(inputs[0])), meaning<small>(inputs)[0]));
  REQUIRE(agrees(run_large(floats(inputs[0])), meaning<large>(inputs)[0]));
  REQUIRE(agrees(run_plain(floats(inputs[0])), meaning<plain>(inputs)[0]));
}

TEST_CASE("an output may be an input, a view of one, or known at load", "[runtime][session]") {
  using net = model<passing_on>;
  STATIC_REQUIRE(net::cost().steps == 0);
  session<net> run{known_weights<net>()};
  auto const inputs = random_inputs(net::trace(), 6);
  auto const expected = meaning<net>(inputs);
  auto const results = run(floats(inputs[0]));
  REQUIRE(results[boost::hana::size_c<0>].data() == floats(inputs[0]).data());
  REQUIRE(agrees(results[boost::hana::size_c<1>], expected[1], 0));
  REQUIRE(agrees(results[boost::hana::size_c<2>], expected[2], 0));
}

TEST_CASE("numbers chosen by a mask are not cut to integers", "[runtime][session]") {
  using net = model<chosen_by_mask>;
  session<net> run{known_weights<net>()};
  auto const inputs = random_inputs(net::trace(), 7);
  auto const found = run(numbers_of<bool, 15>(inputs[0]));
  for (std::size_t i = 0; i < 15; ++i)
    REQUIRE(found[i] == (numbers_of<bool>(inputs[0])[i] ? 0.75f : -0.125f));
}

TEST_CASE("steps that differ in the sign of a zero do not share code", "[runtime][session]") {
  using net = model<zeros>;
  session<net> run{known_weights<net>()};
  std::array<float, 4> const x{1, 2, 3, 4}, y{4, 3, 2, 1};
  auto const results = run(x, y);
  for (std::size_t i = 0; i < 4; ++i) {
    REQUIRE_FALSE(std::signbit(results[boost::hana::size_c<0>][i]));
    REQUIRE(std::signbit(results[boost::hana::size_c<1>][i]));
  }
}

TEST_CASE("sessions share weights and own their results", "[runtime][session]") {
  using net = model<one>;
  weights<net> const shared = known_weights<net>();
  session<net> first{shared}, second{shared};
  auto const a = random_inputs(net::trace(), 8), b = random_inputs(net::trace(), 9);
  auto const of_a = first(floats(a[0])), of_b = second(floats(b[0]));
  REQUIRE(agrees(of_a, meaning<net>(a)[0]));
  REQUIRE(agrees(of_b, meaning<net>(b)[0]));
  session<net> moved = std::move(first);
  REQUIRE(agrees(moved(floats(b[0])), meaning<net>(b)[0]));

  alignas(64) std::array<std::byte, session<net>::workspace_bytes> memory{};
  session<net> in_my_memory{shared, memory};
  auto const y = in_my_memory(floats(a[0]));
  REQUIRE(agrees(y, meaning<net>(a)[0]));
  auto const* const address = reinterpret_cast<std::byte const*>(y.data());
  REQUIRE((address >= memory.data() && address < memory.data() + memory.size()));
}
