#include <array>
#include <cmath>
#include <cstring>
#include <vector>

#include <etch/eager/executor.hpp>
#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"

// Recurrent nets along sequences have the bits of their cells, step by step, and agree with eager.

namespace {

using namespace etch;
using namespace etch_test;

enum class kind { rnn, gru, lstm };

template <kind Kind, int Steps, int Batch, int K, int H, recurrent_sequence Config>
struct along {
  constexpr auto operator()(tensor<float, Steps, Batch, K> x) const {
    if constexpr (Kind == kind::rnn)
      return rnn_sequence<H, Config>("net", x).y;
    else if constexpr (Kind == kind::gru)
      return gru_sequence<H, Config>("net", x).y;
    else
      return lstm_sequence<H, Config>("net", x).y;
  }
};

template <kind Kind, int Batch, int K, int H, recurrent_sequence Config>
struct step {
  constexpr auto operator()(tensor<float, Batch, K> x) const {
    constexpr recurrent cell = ops::cell_of(Config, 0, false);
    if constexpr (Kind == kind::rnn)
      return rnn<H, cell>("net", x);
    else if constexpr (Kind == kind::gru)
      return gru<H, cell>("net", x);
    else
      return lstm<H, cell>("net", x);
  }
};

std::vector<float> waves(std::size_t count) {
  std::vector<float> x(count);
  for (std::size_t i = 0; i < count; ++i) x[i] = std::sin(0.7f * static_cast<float>(i));
  return x;
}

template <kind Kind, int Steps, int Batch, int K, int H, recurrent_sequence Config>
void check_bits() {
  static constexpr along<Kind, Steps, Batch, K, H, Config> whole{};
  static constexpr step<Kind, Batch, K, H, Config> single{};
  using Whole = model<whole, options{.require_vector = true}>;
  using Single = model<single>;
  session<Whole> run{known_weights<Whole>()};
  session<Single> step_by_step{known_weights<Single>()};
  auto const x = waves(static_cast<std::size_t>(Steps) * Batch * K);
  auto const y = run(input<tensor<float, Steps, Batch, K>>::at(x.data()));
  int different = 0;
  for (std::size_t t = 0; t < Steps; ++t) {
    auto const row = step_by_step(input<tensor<float, Batch, K>>::at(x.data() + t * Batch * K));
    constexpr std::size_t width = recurrent{.projection = Config.projection}.hidden(H);
    different +=
        std::memcmp(row.data(), y.data() + t * Batch * width, sizeof(float) * Batch * width) != 0;
  }
  CHECK(different == 0);
}

constexpr recurrent_sequence torch_net{}, keras_net{.layout = rnn_layout::keras},
    keras_before{.layout = rnn_layout::keras, .reset_after = false},
    deep{.layers = 2, .bidirectional = true}, projected{.projection = 24};

/// Two layers, both ways, from values that are given.
constexpr auto deep_lstm = [](tensor<float, 7, 2, 3> x, tensor<float, 4, 2, 5> h,
                              tensor<float, 4, 2, 5> c) {
  auto const all = lstm_sequence<5, deep>("net", x, h, c);
  return boost::hana::make_tuple(all.y, all.h, all.c);
};

}  // namespace

TEST_CASE("a sequence has the bits of its steps", "[runtime][recurrent_sequence]") {
  check_bits<kind::rnn, 9, 1, 3, 5, torch_net>();
  check_bits<kind::rnn, 30, 4, 40, 32, keras_net>();
  check_bits<kind::gru, 100, 1, 24, 96, torch_net>();  // products in blocks
  check_bits<kind::gru, 21, 2, 3, 6, keras_net>();
  check_bits<kind::gru, 12, 1, 2, 8, keras_before>();
  check_bits<kind::lstm, 64, 1, 1, 40, torch_net>();
  check_bits<kind::lstm, 40, 3, 32, 16, keras_net>();
  check_bits<kind::lstm, 20, 2, 3, 40, projected>();
}

TEST_CASE("layers and directions of an LSTM agree with eager", "[runtime][recurrent_sequence]") {
  using Model = model<deep_lstm>;
  session<Model> run{known_weights<Model>()};
  std::string const file = weights_file<Model>();
  eager::executor<Model> oracle(safetensors::from_memory(as_bytes(file), "known").value_or_throw());
  auto const x = waves(42), state = waves(40);
  using h = tensor<float, 4, 2, 5>;
  auto const found = run(input<tensor<float, 7, 2, 3>>::at(x.data()), input<h>::at(state.data()),
                         input<h>::at(state.data()));
  auto const expected = oracle(input<tensor<float, 7, 2, 3>>::at(x.data()),
                               input<h>::at(state.data()), input<h>::at(state.data()));
  boost::hana::for_each(boost::hana::make_range(boost::hana::size_c<0>, boost::hana::size_c<3>),
                        [&](auto i) {
                          for (std::size_t k = 0; k < found[i].size(); ++k)
                            CHECK(std::fabs(found[i][k] - expected[i][k]) < 1e-4f);
                        });
}
