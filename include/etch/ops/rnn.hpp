#pragma once

#include <etch/ops/recurrent.hpp>
#include <etch/ops/tanh.hpp>

namespace etch {

/// rnn_cell<H>(name, x, h): one step of Elman's network, tanh(x W + h U + b).
/// shape     x[B, K], h[B, H] -> [B, H]
/// weights   see rnn_layout, with one gate
/// dtype     float, double
/// numerics  those of linear and tanh
/// errors    x or h of another shape; a projection
/// source    torch.nn.RNNCell; tf.keras.layers.SimpleRNN
template <int H, recurrent Config = recurrent{}, symbolic X, symbolic Hidden>
constexpr auto rnn_cell(path const& name, X const& x, Hidden const& h) {
  using checked = ops::recurrent_operands<Config, H, X, Hidden>;
  static_assert(checked::ok, "etch: rnn_cell: x is not [B, K], or h is not [B, H]");
  static_assert(checked::no_projection, "etch: rnn_cell: only an lstm has a projection");
  using T = typename front::tensor_of<X>::value_type;
  ops::gate_products<1, H, Config, T> const products(name);
  return tanh(products.input(x) + products.hidden(h));
}

/// rnn<H>(name, x): the same with h as the state name.h (of a stack name.h_l0, ...), which
/// is zeros at first: one step for each call.
/// shape     x[B, K] -> [B, H]
template <int H, recurrent Config = recurrent{}, symbolic X>
constexpr auto rnn(path const& name, X const& x) {
  static_assert(X::type.rank() == 2, "etch: rnn: x is not [B, K]");
  using T = typename front::tensor_of<X>::value_type;
  state<T, static_cast<int>(X::type.shape[0]), H> h(ops::recurrent_name(name, "h", Config.layer),
                                                    x);
  h = rnn_cell<H, Config>(name, x, h);
  return front::as_tensor(h);
}

}  // namespace etch
