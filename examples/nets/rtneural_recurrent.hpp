#pragma once

#include <string_view>

#include <etch/etch.hpp>

/// Recurrent nets of RTNeural's tests, a sample for each call: the session keeps their states.
namespace nets {

namespace detail {

/// A dense layer by Keras' names: layers.<number>.<type>.kernel and .bias.
template <int N, class X>
constexpr auto keras_dense(int number, X const& x, std::string_view type = "dense") {
  using namespace etch;
  path const of = scope("layers") / number / type;
  return dense(x, parameter<float, static_cast<int>(X::type.shape[1]), N>(of / "kernel"),
               parameter<float, N>(of / "bias"));
}

inline constexpr etch::recurrent as_keras{.layout = etch::rnn_layout::keras};

constexpr etch::path keras_layer(int number, std::string_view type) {
  return etch::scope("layers") / number / type;
}

}  // namespace detail

using sample = etch::tensor<float, 1, 1>;

/// dense 8 (tanh), GRU 8, dense 8 (sigmoid), dense 1
inline constexpr auto rtneural_gru = [](sample x) {
  using namespace etch;
  auto const h = tanh(detail::keras_dense<8>(0, x, "time-distributed-dense"));
  auto const g = gru<8, detail::as_keras>(detail::keras_layer(1, "gru"), h);
  return detail::keras_dense<1>(3, sigmoid(detail::keras_dense<8>(2, g)));
};

/// GRU 8, dense 8 (sigmoid), dense 1
inline constexpr auto rtneural_gru_1d = [](sample x) {
  using namespace etch;
  auto const g = gru<8, detail::as_keras>(detail::keras_layer(0, "gru"), x);
  return detail::keras_dense<1>(2, sigmoid(detail::keras_dense<8>(1, g)));
};

/// GRU 8, a stack of three GRU 8, linear 1
inline constexpr auto rtneural_gru_torch = [](sample x) {
  using namespace etch;
  auto h = gru<8, recurrent{.layer = 0}>("gru", x);
  h = gru<8, recurrent{.layer = 0}>("gru2", h);
  h = gru<8, recurrent{.layer = 1}>("gru2", h);
  h = gru<8, recurrent{.layer = 2}>("gru2", h);
  return linear<1>("dense", h);
};

/// dense 8 (tanh), LSTM 8, dense 1
inline constexpr auto rtneural_lstm = [](sample x) {
  using namespace etch;
  auto const h = tanh(detail::keras_dense<8>(0, x, "time-distributed-dense"));
  return detail::keras_dense<1>(2, lstm<8, detail::as_keras>(detail::keras_layer(1, "lstm"), h));
};

/// LSTM 8, dense 1
inline constexpr auto rtneural_lstm_1d = [](sample x) {
  using namespace etch;
  return detail::keras_dense<1>(1, lstm<8, detail::as_keras>(detail::keras_layer(0, "lstm"), x));
};

/// LSTM 8, a stack of three LSTM 8, linear 1
inline constexpr auto rtneural_lstm_torch = [](sample x) {
  using namespace etch;
  auto h = lstm<8, recurrent{.layer = 0}>("lstm", x);
  h = lstm<8, recurrent{.layer = 0}>("lstm2", h);
  h = lstm<8, recurrent{.layer = 1}>("lstm2", h);
  h = lstm<8, recurrent{.layer = 2}>("lstm2", h);
  return linear<1>("dense", h);
};

}  // namespace nets
