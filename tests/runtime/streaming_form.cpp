#include "support/streaming_form_case.hpp"

namespace {

using namespace etch;
using namespace etch_test;

inline constexpr auto near_rows = []<int T>(tensor<float, T, 2> x) {
  constexpr signal_conv near{.kernel = 3, .padding = same, .layout = nlc};
  auto const h = tanh(conv1d<8, near>("a", x));
  return linear<3>("out", h + conv1d<8, near>("b", h));
};

inline constexpr auto one_layer = []<int T>(tensor<float, T, 2> x) {
  return relu(
      conv1d<5, signal_conv{.kernel = 4, .padding = same, .dilation = 3, .layout = nlc}>("a", x));
};

/// Each convolution is padded before alone.
inline constexpr auto causal = []<int T>(tensor<float, T, 2> x) {
  constexpr signal_conv first{.kernel = 3, .padding = {2, 0}, .layout = nlc};
  constexpr signal_conv second{.kernel = 3, .padding = {8, 0}, .dilation = 4, .layout = nlc};
  auto const h = tanh(conv1d<8, first>("a", x));
  return linear<3>("out", conv1d<8, second>("b", h) + h);
};

/// Convolutions without padding, and the ends of the residual cut off.
inline constexpr auto shrinking = []<int T>(tensor<float, T, 2> x) {
  constexpr signal_conv bare{.kernel = 5, .dilation = 2, .layout = nlc};
  auto const h = tanh(conv1d<6, bare>("a", x));
  return conv1d<6, bare>("b", h) + slice<0, 4, -4>(h);
};

/// Half as many rows behind the first layer, which looks ahead by an odd number of rows.
inline constexpr auto halved = []<int T>(tensor<float, T, 2> x) {
  constexpr signal_conv down{.kernel = 4, .stride = 2, .padding = {2, 1}, .layout = nlc};
  auto const h = relu(conv1d<6, down>("down", x));
  return conv1d<4, signal_conv{.kernel = 3, .padding = 1, .groups = 2, .layout = nlc}>("b", h);
};

}  // namespace

TEST_CASE("a function over a sequence is a stream that is late by what it looks ahead",
          "[runtime][streaming]") {
  check_form<near_rows, 2>("two layers", {3, 2, 5});
  check_form<one_layer, 2>("one layer", {5, 5, 10, 1, true});
  check_form<halved, 2, 2>("a stride", {4, 4, 9, 2});
}

TEST_CASE("a function that has nothing to pad behind its rows gives all rows of the sequence",
          "[runtime][streaming]") {
  check_form<causal, 2>("padded before", {3, 0, 11, 1, true});
  check_form<shrinking, 2>("no padding", {6, 16, 17, 1, true});
}
