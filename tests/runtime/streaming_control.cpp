#include <cmath>
#include <vector>

#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"

// Streams of models with loops and branches: blocks of any size, and the bits of a step at a time.

namespace {

using namespace etch;
using namespace etch_test;

inline constexpr auto recurrent_signal = []<int T>(tensor<float, T, 2> x) {
  state<float, 1, 1, 16> h("lstm.h", x), c("lstm.c", x);
  auto const wide = tanh(causal_conv1d<8, signal_conv{.kernel = 3, .dilation = 2}>("conv", x));
  auto const out = lstm_sequence<16>("lstm", reshape<T, 1, 8>(wide), h, c);
  h = out.h;
  c = out.c;
  return linear<1>("dense", reshape<T, 16>(out.y)) + slice<1, 0, 1>(x);
};
using Recurrent = streaming<recurrent_signal, 100>;

/// A window of a ring and its rows inside of a branch and of a loop.
inline constexpr auto branches = []<int T>(tensor<float, T, 2> x, tensor<bool, 1> loud) {
  state<float, 4, 2> last("last", x);
  auto const window = concat<0>(last, x * 2.0f);
  last = slice<0, T, T + 4>(window);
  auto const late = slice<0, 0, T>(window);
  auto const either = cond(
      loud, [&] { return late * 3.0f; }, [&] { return late + slice<0, 4, T + 4>(window); });
  return loop<3>(either, [&](auto y) { return y * 0.5f + late; });
};
using Branches = streaming<branches, 64>;

template <class Model, class... More>
std::vector<float> in_blocks(std::vector<float> const& x, std::vector<std::size_t> const& blocks,
                             More const&... more) {
  stream<Model> run{known_weights<Model>()};
  std::vector<float> y;
  for (std::size_t at = 0, turn = 0; at < x.size() / 2; ++turn) {
    std::size_t const now = std::min(blocks[turn % blocks.size()], x.size() / 2 - at);
    auto const part = run(std::span<float const>(x.data() + 2 * at, 2 * now), more...);
    REQUIRE(part);
    y.insert(y.end(), part->begin(), part->end());
    at += now;
  }
  return y;
}

std::vector<float> signal() {
  std::vector<float> x(400);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<float>(i) * 0.61f);
  return x;
}

}  // namespace

TEST_CASE("a recurrent net behind a convolution gives the same bits in blocks of any size",
          "[runtime][streaming][control]") {
  auto const x = signal();
  auto const one = in_blocks<Recurrent>(x, {1});
  REQUIRE(one.size() == 200);
  CHECK(in_blocks<Recurrent>(x, {100}) == one);
  CHECK(in_blocks<Recurrent>(x, {64, 3, 9}) == one);
}

TEST_CASE("branches and loops read the window of a ring", "[runtime][streaming][control]") {
  auto const x = signal();
  for (bool const loud : {false, true}) {
    bool const flag[1]{loud};
    auto const y = in_blocks<Branches>(x, {64, 5, 1, 8}, flag);
    CHECK(in_blocks<Branches>(x, {1}, flag) == y);
    for (std::size_t i = 0; i < y.size(); ++i) {
      float const late = i >= 8 ? 2.0f * x[i - 8] : 0.0f;
      float value = loud ? late * 3.0f : late + 2.0f * x[i];
      for (int turn = 0; turn < 3; ++turn) value = value * 0.5f + late;
      CHECK(y[i] == value);
    }
  }
}
