#include <cmath>
#include <string>
#include <vector>

#include <etch/etch.hpp>
#include <etch/runtime/safetensors_writer.hpp>

#include "catch.hpp"
#include "support/scratch_folder.hpp"

// Recurrent nets along sequences are those of PyTorch.

namespace {

using namespace etch;
using namespace etch_test;

constexpr recurrent_sequence deep{.layers = 2, .bidirectional = true};

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
constexpr auto torch_projected = [](tensor<float, 6, 2, 3> x, tensor<float, 4, 2, 2> h,
                                    tensor<float, 4, 2, 5> c) {
  constexpr recurrent_sequence config{.layers = 2, .bidirectional = true, .projection = 2};
  auto const all = lstm_sequence<5, config>("projected", x, h, c);
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
    session<model<torch_projected>> run{golden_weights<model<torch_projected>>()};
    auto const x = golden("projected.x"), h = golden("projected.h0"), c = golden("projected.c0");
    auto const y = run(golden_input<sequence>(x), golden_input<tensor<float, 4, 2, 2>>(h),
                       golden_input<tensor<float, 4, 2, 5>>(c));
    check_golden(y[size_c<0>], "projected.y");
    check_golden(y[size_c<1>], "projected.h");
    check_golden(y[size_c<2>], "projected.c");
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
