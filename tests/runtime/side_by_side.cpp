#include <array>
#include <cmath>
#include <cstring>
#include <tuple>
#include <utility>
#include <vector>

#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/random_net.hpp"

// Instances that share their weights and run side by side, against sessions of their own.

namespace {

using namespace etch;
using namespace etch_test;

template <class T>
struct gru_step {
  constexpr auto operator()(tensor<T, 1, 1> x) const { return linear<1>("out", gru<9>("rnn", x)); }
};
/// More than one panel of outputs, two of them; a bias in neither product of the second layer.
template <class T>
struct two_layers {
  constexpr auto operator()(tensor<T, 1, 3> x) const {
    auto const h = lstm<20, recurrent{.layer = 0}>("rnn", x);
    return linear<5>("out", lstm<18, recurrent{.bias = false, .layer = 1}>("rnn", h));
  }
};
/// Several rows in each instance, a product of the reset state, a projection.
struct joints {
  constexpr auto operator()(tensor<float, 12, 2> x) const {
    auto const h = gru<7, recurrent{.layout = rnn_layout::keras, .reset_after = false}>("a", x);
    return linear<1>("out", lstm<8, recurrent{.projection = 3}>("b", h));
  }
};
/// A state that begins with a weight, an input of integers, moved elements, results of two dtypes
/// and one that is the input.
struct mixture {
  constexpr auto operator()(named<"x", tensor<float, 2, 3>> x,
                            named<"tick", tensor<int, 2>> tick) const {
    state<float, 1, 4> h("h", x, parameter<float, 1, 4>("h0"));
    auto const rows = concat<1>(reshape<1, 6>(transpose<1, 0>(x)), h);
    h = tanh(linear<4>("in", rows) + linear<4, linear_options{.bias = false}>("rec", h));
    auto const margin_of_one = pad<margin{.axis = 1, .before = 1}>(h);
    return outputs("y"_t = linear<2>("y", margin_of_one), "turns"_t = tick + 1,
                   "last"_t = slice<1, 2, 4>(h) * 2.0f, "x"_t = x);
  }
};

/// Histories that are rings, of signals in rows and in columns, behind each other.
struct filters {
  constexpr auto operator()(tensor<float, 4, 3> x) const {
    auto const a = tanh(causal_conv1d<20, signal_conv{.kernel = 3, .dilation = 2}>("a", x));
    auto const b = causal_conv1d<5, signal_conv{.kernel = 2, .stride = 2}>("b", a);
    return causal_conv1d<2, signal_conv{.kernel = 1}>("c",
                                                      b + linear<5>("skip", slice<0, 2, 4>(a)));
  }
};

/// Weights of elementwise operators, of an epilogue, for each row and for all, and literals.
struct scaled {
  constexpr auto operator()(tensor<float, 3, 8> x) const {
    auto const y =
        linear<8>("fc", x * parameter<float, 8>("scale") + parameter<float, 3, 1>("row"));
    auto const z = tanh(linear<1>("fc2", y)) * parameter<float, 1>("out");
    return prelu(z - constant<float, 3, 1>({1, 2, 3}, x), parameter<float, 1>("slope"));
  }
};

inline constexpr gru_step<float> gru_of_floats{};
inline constexpr scaled weighted{};
inline constexpr filters filtered{};
inline constexpr gru_step<double> gru_of_doubles{};
inline constexpr two_layers<float> layers{};
inline constexpr joints twelve_joints{};
inline constexpr mixture mixed{};

template <class T>
T number(int call, std::size_t i) {
  return static_cast<T>(3 * std::sin(1.3 * call + 0.7 * static_cast<double>(i)));
}

/// `Count` instances and as many sessions, which are given the same.
template <class Model, int Count>
class both {
 public:
  static constexpr std::size_t count = Count;

  /// They share their weights, or have their own.
  both(unsigned seed, bool shared)
      : all(shared
                ? instances<Model, Count>(random_weights<Model>(seed))
                : instances<Model, Count>(own_weights(seed, std::make_index_sequence<count>{}))) {
    for (unsigned i = 0; i < count; ++i)
      alone.emplace_back(random_weights<Model>(shared ? seed : seed + i));
  }

  instances<Model, Count> all;
  std::vector<session<Model>> alone;

  /// How many instances differ from their sessions in the next call.
  int differences() {
    using arguments = typename Model::signature::arguments;
    ++call_;
    return [&]<class... A>(front::types<A...>) {
      auto const in = std::make_tuple(inputs_of<front::tensor_of<A>>()...);
      return std::apply([&](auto const&... each) { return compared<A...>(each...); }, in);
    }(arguments{});
  }

 private:
  template <std::size_t... I>
  static std::array<weights<Model>, count> own_weights(unsigned seed, std::index_sequence<I...>) {
    return {random_weights<Model>(seed + unsigned{I})...};
  }

  template <class Tensor>
  auto inputs_of() const {
    std::array<typename Tensor::value_type, Tensor::elements * count> numbers;
    for (std::size_t i = 0; i < numbers.size(); ++i)
      numbers[i] = number<typename Tensor::value_type>(call_, i);
    return numbers;
  }

  template <class... A, class... Inputs>
  int compared(Inputs const&... inputs) {
    auto const found = all(inputs...);
    int different = 0;
    for (std::size_t i = 0; i < count; ++i) {
      auto const wanted = alone[i](input<front::tensor_of<A>>::at(
          inputs.data() + i * std::size_t{front::tensor_of<A>::elements})...);
      different += same(found, wanted, i) ? 0 : 1;
    }
    return different;
  }

  template <class Found, class Wanted>
  static bool same(Found const& found, Wanted const& wanted, std::size_t i) {
    if constexpr (requires { wanted.data(); }) {
      return std::memcmp(found.data() + i * wanted.size(), wanted.data(),
                         wanted.size() * sizeof(wanted[0])) == 0;
    } else {
      return same(found["y"_t], wanted["y"_t], i) && same(found["turns"_t], wanted["turns"_t], i) &&
             same(found["last"_t], wanted["last"_t], i) && same(found["x"_t], wanted["x"_t], i);
    }
  }

  int call_ = 0;
};

template <class Model, int Count>
int differences(unsigned seed) {
  int different = 0;
  for (bool shared : {true, false}) {
    both<Model, Count> run(seed, shared);
    for (int call = 0; call < 5; ++call) different += run.differences();
  }
  return different;
}

}  // namespace

TEST_CASE("instances side by side have the bits of sessions", "[runtime][instances]") {
  STATIC_REQUIRE(instances<model<gru_of_floats>, 16>::side_by_side == 16);
  CHECK(differences<model<gru_of_floats>, 16>(1) == 0);
  CHECK(differences<model<gru_of_doubles>, 16>(2) == 0);
  CHECK(differences<model<layers>, 16>(3) == 0);
  CHECK(differences<model<twelve_joints>, 16>(4) == 0);
  CHECK(differences<model<mixed>, 16>(5) == 0);
  CHECK(differences<model<filtered>, 16>(14) == 0);
  STATIC_REQUIRE(instances<model<weighted>, 16>::side_by_side == 16);
  CHECK(differences<model<weighted>, 16>(15) == 0);
}

TEST_CASE("instances run in groups, a last one of some, and what is left alone",
          "[runtime][instances]") {
  STATIC_REQUIRE(instances<model<mixed>, 7>::side_by_side == 0);
  STATIC_REQUIRE(instances<model<mixed>, 8>::side_by_side == 8);
  STATIC_REQUIRE(instances<model<mixed>, 39>::side_by_side == 32);
  STATIC_REQUIRE(instances<model<mixed>, 41>::side_by_side == 41);
  STATIC_REQUIRE(instances<model<mixed>, 41>::side_by_side_of_own == 32);
  STATIC_REQUIRE(instances<model<mixed>, 44>::side_by_side_of_own == 44);
  STATIC_REQUIRE(instances<model<layers>, 44>::side_by_side_of_own == 0);  // 15 KiB of weights
  CHECK(differences<model<mixed>, 7>(6) == 0);
  CHECK(differences<model<mixed>, 8>(7) == 0);
  CHECK(differences<model<mixed>, 39>(8) == 0);
  CHECK(differences<model<mixed>, 41>(9) == 0);
  CHECK(differences<model<mixed>, 28>(10) == 0);
}

TEST_CASE("each instance side by side is reset, saved, restored and changed alone",
          "[runtime][instances][state]") {
  bool const shared = GENERATE(true, false);
  both<model<mixed>, 28> run(10, shared);
  for (int call = 0; call < 3; ++call) REQUIRE(run.differences() == 0);

  run.all[20].reset();
  CHECK(run.differences() == 1);
  run.alone[20].reset();
  run.all[20].reset();
  CHECK(run.differences() == 0);

  auto const saved = run.all[5].save();
  CHECK(saved == run.alone[5].save());
  CHECK(run.differences() == 0);
  REQUIRE(run.all[6].restore(saved));  // into another lane
  REQUIRE(run.alone[6].restore(saved));
  CHECK(run.differences() == 0);
  CHECK(!run.all[0].restore(std::span(saved).first(3)));
  CHECK(run.differences() == 0);

  auto& voice = run.all[9];
  for (int twice = 0; twice < 2; ++twice) {
    voice.state("h"_t)[2] = 0.25f;
    CHECK(run.differences() == 1);
    voice.state("h"_t)[2] = 0.25f;
    run.alone[9].state("h"_t)[2] = 0.25f;
    std::memcpy(run.alone[9].state("h"_t).data(), voice.state("h"_t).data(), 4 * sizeof(float));
    CHECK(run.differences() == 0);
  }

  run.all.reset();
  for (auto& each : run.alone) each.reset();
  CHECK(run.differences() == 0);
  auto moved = std::move(run.all);
  run.all = std::move(moved);
  CHECK(run.differences() == 0);
}

TEST_CASE("rings of instances side by side are reset, saved, restored and changed",
          "[runtime][instances][state]") {
  both<model<filtered>, 16> run(11, true);
  STATIC_REQUIRE(instances<model<filtered>, 16>::side_by_side == 16);
  for (int round = 0; round < 5; ++round) {  // wherever the rings are
    for (int call = 0; call < 3; ++call) REQUIRE(run.differences() == 0);
    run.all[3].reset();
    CHECK(run.differences() == 1);
    run.all[3].reset();
    run.alone[3].reset();
    CHECK(run.differences() == 0);

    auto const of_session = run.alone[7].save();
    auto const of_lane = run.all[7].save();
    REQUIRE(run.all[8].restore(of_session));
    REQUIRE(run.alone[8].restore(of_lane));
    REQUIRE(run.all[9].restore(of_lane));
    REQUIRE(run.alone[9].restore(of_session));
    CHECK(run.differences() == 0);

    run.all[2].state("a.history"_t)[4] = 0.5f;
    run.alone[2].state("a.history"_t)[4] = 0.5f;
    CHECK(run.differences() == 0);
  }
}

TEST_CASE("what has no form side by side runs one after the other", "[runtime][instances]") {
  static constexpr auto conv = [](tensor<float, 1, 3> x) {
    return causal_conv1d<6, signal_conv{.kernel = 3, .groups = 3}>("conv", x);
  };
  static constexpr auto norm = [](tensor<float, 1, 8> x) { return softmax(linear<8>("fc", x)); };
  static constexpr auto given = [](tensor<float, 1, 8> x) {
    return outputs("y"_t = x * 2.0f, "turns"_t = parameter<float, 3>("w", x), "last"_t = x,
                   "x"_t = x);
  };
  STATIC_REQUIRE(instances<model<given>, 16>::side_by_side == 0);
  CHECK(differences<model<given>, 16>(16) == 0);
  STATIC_REQUIRE(instances<model<conv>, 16>::side_by_side == 0);
  STATIC_REQUIRE(instances<model<norm>, 16>::side_by_side == 0);
  CHECK(differences<model<conv>, 16>(11) == 0);
  CHECK(differences<model<norm>, 16>(12) == 0);
}
