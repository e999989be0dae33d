#pragma once

#include <type_traits>

#include <etch/ops/mul.hpp>
#include <etch/ops/recurrent.hpp>
#include <etch/ops/sigmoid.hpp>
#include <etch/ops/tanh.hpp>

namespace etch {

/// What an LSTM keeps from step to step.
template <class Hidden, class Cell = Hidden>
struct lstm_values {
  Hidden h;
  Cell c;
};

/// lstm_cell<H>(name, x, h, c): one step of a long short-term memory.
///   c' = sigmoid(f) c + sigmoid(i) tanh(g), h' = sigmoid(o) tanh(c'),
/// where i, f, g, o are the gates: products of x and h with the weights.
/// With recurrent{.projection = P} h' is a product of that with weights of its own, P numbers.
/// shape     x[B, K], h[B, H], c[B, H] -> .h[B, H], .c[B, H]; h[B, P] with a projection
/// weights   see rnn_layout; gates in the order i, f, g, o in either layout
/// dtype     float, double
/// numerics  those of linear, sigmoid and tanh
/// errors    x, h or c of another shape; a projection not smaller than H, or in Keras' layout
/// source    torch.nn.LSTMCell; torch.nn.LSTM (proj_size: Sak et al. 2014); tf.keras.layers.LSTM
template <int H, recurrent Config = recurrent{}, symbolic X, symbolic Hidden, symbolic Cell>
constexpr auto lstm_cell(path const& name, X const& x, Hidden const& h, Cell const& c) {
  static_assert(ops::recurrent_operands<Config, H, X, Cell>::projection_fits,
                "etch: lstm_cell: the projection is negative, not smaller than H, or of Keras' "
                "layout, which has none");
  static_assert(ops::recurrent_operands<Config, Config.hidden(H), X, Hidden>::ok &&
                    ops::recurrent_operands<Config, H, X, Cell>::ok,
                "etch: lstm_cell: x is not [B, K], h not [B, H] (with a projection [B, P]), or c "
                "not [B, H]");
  using T = typename front::tensor_of<X>::value_type;
  ops::gate_products<4, H, Config, T> const products(name);
  auto const gates = products.input(x) + products.hidden(h);
  auto const i = sigmoid(ops::gate<0, H>(gates)), f = sigmoid(ops::gate<1, H>(gates));
  auto const g = tanh(ops::gate<2, H>(gates)), o = sigmoid(ops::gate<3, H>(gates));
  auto const next = f * c + i * g;
  auto const out = products.projected(o * tanh(next));
  return lstm_values<std::remove_const_t<decltype(out)>, std::remove_const_t<decltype(next)>>{out,
                                                                                              next};
}

/// lstm<H>(name, x): the same with h and c as the states name.h and name.c (of a stack
/// name.h_l0, ...), zeros at first: one step for each call.
/// shape     x[B, K] -> [B, H], with a projection [B, P]
template <int H, recurrent Config = recurrent{}, symbolic X>
constexpr auto lstm(path const& name, X const& x) {
  static_assert(X::type.rank() == 2, "etch: lstm: x is not [B, K]");
  using T = typename front::tensor_of<X>::value_type;
  constexpr int batch = static_cast<int>(X::type.shape[0]);
  state<T, batch, Config.hidden(H)> h(ops::recurrent_name(name, "h", Config.layer), x);
  state<T, batch, H> c(ops::recurrent_name(name, "c", Config.layer), x);
  auto const next = lstm_cell<H, Config>(name, x, h, c);
  c = next.c;
  h = next.h;
  return next.h;
}

}  // namespace etch
