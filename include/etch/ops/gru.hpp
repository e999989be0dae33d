#pragma once

#include <utility>

#include <etch/ops/mul.hpp>
#include <etch/ops/number.hpp>
#include <etch/ops/recurrent.hpp>
#include <etch/ops/sigmoid.hpp>
#include <etch/ops/sub.hpp>
#include <etch/ops/tanh.hpp>

namespace etch {

/// gru_cell<H>(name, x, h): one step of a gated recurrent unit.
///   r = sigmoid(xr + hr), z = sigmoid(xz + hz), n = tanh(xn + r hn), h' = z h + (1 - z) n,
/// where x. and h. are products of x and h with the weights of a gate; with .reset_after = false
/// n = tanh(xn + (r h) Wn).
/// shape     x[B, K], h[B, H] -> [B, H]
/// weights   see rnn_layout; gates in the order r, z, n (torch) or z, r, n (keras)
/// dtype     float, double
/// numerics  those of linear, sigmoid and tanh
/// errors    x or h of another shape; a projection; torch weights with .reset_after = false
/// source    torch.nn.GRUCell; tf.keras.layers.GRU
template <int H, recurrent Config = recurrent{}, symbolic X, symbolic Hidden>
constexpr auto gru_cell(path const& name, X const& x, Hidden const& h) {
  using checked = ops::recurrent_operands<Config, H, X, Hidden>;
  static_assert(checked::ok, "etch: gru_cell: x is not [B, K], or h is not [B, H]");
  static_assert(checked::no_projection, "etch: gru_cell: only an lstm has a projection");
  static_assert(checked::reset_fits,
                "etch: gru_cell: PyTorch's weights are for .reset_after = true");
  using T = typename front::tensor_of<X>::value_type;
  ops::gate_products<3, H, Config, T> const products(name);
  constexpr bool keras = Config.layout == rnn_layout::keras;
  constexpr int z_gate = keras ? 0 : 1, r_gate = keras ? 1 : 0;
  auto const mixed = [&](auto const& z, auto const& n) { return z * h + (T(1) - z) * n; };
  if constexpr (Config.reset_after) {
    auto const [from_x, from_h] = [&] {
      if constexpr (keras && Config.bias)
        return std::pair(products.input_of_two_biases(x), products.hidden_of_two_biases(h));
      else
        return std::pair(products.input(x), products.hidden(h));
    }();
    auto const r = sigmoid(ops::gate<r_gate, H>(from_x) + ops::gate<r_gate, H>(from_h));
    auto const z = sigmoid(ops::gate<z_gate, H>(from_x) + ops::gate<z_gate, H>(from_h));
    return mixed(z, tanh(ops::gate<2, H>(from_x) + r * ops::gate<2, H>(from_h)));
  } else {
    auto const from_x = products.input(x);
    auto const from_h = products.template hidden_part<0, 2>(h);
    auto const r = sigmoid(ops::gate<r_gate, H>(from_x) + ops::gate<r_gate, H>(from_h));
    auto const z = sigmoid(ops::gate<z_gate, H>(from_x) + ops::gate<z_gate, H>(from_h));
    return mixed(z, tanh(ops::gate<2, H>(from_x) + products.template hidden_part<2, 1>(r * h)));
  }
}

/// gru<H>(name, x): the same with h as the state name.h (of a stack name.h_l0, ...), which
/// is zeros at first: one step for each call.
/// shape     x[B, K] -> [B, H]
template <int H, recurrent Config = recurrent{}, symbolic X>
constexpr auto gru(path const& name, X const& x) {
  static_assert(X::type.rank() == 2, "etch: gru: x is not [B, K]");
  using T = typename front::tensor_of<X>::value_type;
  state<T, static_cast<int>(X::type.shape[0]), H> h(ops::recurrent_name(name, "h", Config.layer),
                                                    x);
  h = gru_cell<H, Config>(name, x, h);
  return front::as_tensor(h);
}

}  // namespace etch
