#include <array>

#include "support/streaming_form_case.hpp"

namespace {

using namespace etch;
using namespace etch_test;

/// What goes with the rows, in each way.
inline constexpr auto by_row = []<int T>(tensor<float, T, 4> x) {
  constexpr signal_conv ahead{.kernel = 3, .padding = {0, 2}, .layout = nlc};
  auto const h = layer_norm("norm", conv1d<4, ahead>("a", x));
  auto const both = concat<1>(softmax<1>(h), reshape<T, 2>(slice<1, 1, 3>(x)));
  auto const y = linear<4>("mix", dropout(both, 0.1f)) + mean<1>(rms_norm("rms", x), keepdims);
  return matmul(y, parameter<float, 4, 3>("w")) + 0.25f;
};

/// Channels first, of a signal with one channel.
inline constexpr auto channels_first = []<int T>(tensor<float, 1, 1, T> x) {
  auto const h = tanh(conv1d<4, signal_conv{.kernel = 5, .padding = 2}>("a", x));
  return conv1d<1, signal_conv{.kernel = 3, .padding = 1}>("b", h);
};

/// Three signals side by side.
inline constexpr auto voices = []<int T>(tensor<float, T, 3, 2> x) {
  constexpr signal_conv near{.kernel = 3, .padding = same, .layout = nlc};
  auto const h = tanh(conv1d<8, near>("a", transpose<1, 0, 2>(x)));
  return transpose<1, 0, 2>(h + conv1d<8, near>("b", h));
};

}  // namespace

TEST_CASE("all that goes with the rows has a streaming form", "[runtime][streaming]") {
  check_form<by_row, 4>("operators on rows", {3, 2, 3, 1, true});
  check_form<channels_first, 1>("channels first", {1, 3, 7});
  check_form<voices, 6>("three signals", {24, 2, 5});
}

namespace {

inline constexpr auto several = []<int T>(named<"x", tensor<float, T, 2>> x,
                                          named<"gain", tensor<float, 1>> gain) {
  constexpr signal_conv near{.kernel = 3, .padding = 1, .layout = nlc};
  auto const h = conv1d<2, near>("net", x * gain);
  return outputs("late"_t = conv1d<2, near>("net", h), "early"_t = x * gain);
};
using Several = streaming<streaming_form<several>, 8>;

}  // namespace

TEST_CASE("all results of a streaming form come at the same time", "[runtime][streaming]") {
  STATIC_REQUIRE(Several::delay() == 2);
  stream<Several> run{known_weights<Several>()};
  auto const x = signal(60);
  std::array const gain{2.0f};
  for (std::size_t at = 0; at < 30; at += 6) {
    auto const y = run(std::span<float const>(x.data() + 2 * at, 12), gain);
    REQUIRE(y);
    auto const early = (*y)["early"_t];
    REQUIRE(early.size() == 12);
    for (std::size_t i = 0; i < 12; ++i) {
      std::size_t const now = 2 * at + i;
      CHECK(early[i] == (now < 4 ? 0.0f : 2.0f * x[now - 4]));
    }
  }
}

TEST_CASE("a streaming form keeps its rows under the names of causal_conv1d",
          "[runtime][streaming]") {
  stream<Several> run{known_weights<Several>()};
  auto const x = signal(16);
  REQUIRE(run(x, std::array{3.0f}));
  auto const kept = run.state("net.history"_t);
  for (std::size_t i = 0; i < 4; ++i) CHECK(kept[i] == 3.0f * x[12 + i]);
  CHECK(run.state("net.history_2"_t).size() == 4);  // the weights are used twice
  CHECK(run.state("delay"_t).size() == 4);
}
