#include <array>
#include <cmath>
#include <cstring>
#include <vector>

#include <etch/eager/executor.hpp>
#include <etch/etch.hpp>
#include <etch/runtime/safetensors_writer.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"
#include "support/scratch_folder.hpp"

// Recurrent nets along sequences have the bits of their cells, step by step, and are PyTorch's.

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
    different += std::memcmp(row.data(), y.data() + t * Batch * H, sizeof(float) * Batch * H) != 0;
  }
  CHECK(different == 0);
}

constexpr recurrent_sequence torch_net{}, keras_net{.layout = rnn_layout::keras},
    keras_before{.layout = rnn_layout::keras, .reset_after = false},
    deep{.layers = 2, .bidirectional = true};

/// Two layers, both ways, from values that are given.
constexpr auto deep_lstm = [](tensor<float, 7, 2, 3> x, tensor<float, 4, 2, 5> h,
                              tensor<float, 4, 2, 5> c) {
  auto const all = lstm_sequence<5, deep>("net", x, h, c);
  return boost::hana::make_tuple(all.y, all.h, all.c);
};

/// What PyTorch computed, and from what.
struct array {
  std::string name;
  std::vector<std::int64_t> extents;
  std::vector<double> values;
};

std::vector<array> const arrays{
#include "sequences.inc"
};

std::vector<float> golden(std::string const& name) {
  for (array const& each : arrays)
    if (each.name == name) return {each.values.begin(), each.values.end()};
  FAIL("no array " << name);
  return {};
}

/// The weights of a model out of the arrays.
template <class Model>
weights<Model> golden_weights() {
  std::vector<std::vector<float>> values;
  for (array const& each : arrays) values.emplace_back(each.values.begin(), each.values.end());
  std::vector<stored_tensor> tensors;
  for (auto const& wanted : runtime::wanted_by(Model::net::load)) {
    for (std::size_t i = 0; i < arrays.size(); ++i)
      if (arrays[i].name == wanted.name)
        tensors.push_back(stored_tensor::of<float>(arrays[i].name, arrays[i].extents, values[i]));
  }
  scratch_folder const folder;
  save_safetensors(folder / "golden.safetensors", tensors, {}).value_or_throw();
  return load<Model>(folder / "golden.safetensors");
}

template <class View>
void check_golden(View const& found, std::string const& name) {
  auto const expected = golden(name);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(name, i);
    CHECK(std::fabs(found[i] - expected[i]) < 2e-6f);
  }
}

template <class Tensor>
auto golden_input(std::vector<float> const& values) {
  return input<Tensor>::at(values.data());
}

constexpr auto torch_lstm = [](tensor<float, 6, 2, 3> x, tensor<float, 4, 2, 5> h,
                               tensor<float, 4, 2, 5> c) {
  auto const all = lstm_sequence<5, deep>("lstm", x, h, c);
  return boost::hana::make_tuple(all.y, all.h, all.c);
};
constexpr auto torch_gru = [](tensor<float, 6, 2, 3> x, tensor<float, 4, 2, 4> h) {
  auto const all = gru_sequence<4, deep>("gru", x, h);
  return boost::hana::make_tuple(all.y, all.h);
};
constexpr auto torch_rnn = [](tensor<float, 6, 2, 3> x, tensor<float, 3, 2, 4> h) {
  constexpr recurrent_sequence three{.layers = 3, .bias = false};
  auto const all = rnn_sequence<4, three>("rnn", x, h);
  return boost::hana::make_tuple(all.y, all.h);
};

}  // namespace

TEST_CASE("recurrent nets of several layers and both directions are those of PyTorch",
          "[runtime][recurrent_sequence]") {
  using sequence = tensor<float, 6, 2, 3>;
  using boost::hana::size_c;
  {
    session<model<torch_lstm>> run{golden_weights<model<torch_lstm>>()};
    auto const x = golden("lstm.x"), h = golden("lstm.h0"), c = golden("lstm.c0");
    using state = tensor<float, 4, 2, 5>;
    auto const y = run(golden_input<sequence>(x), golden_input<state>(h), golden_input<state>(c));
    check_golden(y[size_c<0>], "lstm.y");
    check_golden(y[size_c<1>], "lstm.h");
    check_golden(y[size_c<2>], "lstm.c");
  }
  {
    session<model<torch_gru>> run{golden_weights<model<torch_gru>>()};
    auto const x = golden("gru.x"), h = golden("gru.h0");
    auto const y = run(golden_input<sequence>(x), golden_input<tensor<float, 4, 2, 4>>(h));
    check_golden(y[size_c<0>], "gru.y");
    check_golden(y[size_c<1>], "gru.h");
  }
  {
    session<model<torch_rnn>> run{golden_weights<model<torch_rnn>>()};
    auto const x = golden("rnn.x"), h = golden("rnn.h0");
    auto const y = run(golden_input<sequence>(x), golden_input<tensor<float, 3, 2, 4>>(h));
    check_golden(y[size_c<0>], "rnn.y");
    check_golden(y[size_c<1>], "rnn.h");
  }
}

TEST_CASE("a sequence has the bits of its steps", "[runtime][recurrent_sequence]") {
  check_bits<kind::rnn, 9, 1, 3, 5, torch_net>();
  check_bits<kind::rnn, 30, 4, 40, 32, keras_net>();
  check_bits<kind::gru, 100, 1, 24, 96, torch_net>();  // products in blocks
  check_bits<kind::gru, 21, 2, 3, 6, keras_net>();
  check_bits<kind::gru, 12, 1, 2, 8, keras_before>();
  check_bits<kind::lstm, 64, 1, 1, 40, torch_net>();
  check_bits<kind::lstm, 40, 3, 32, 16, keras_net>();
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
