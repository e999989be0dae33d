#pragma once

#include <cstddef>
#include <tuple>
#include <utility>

#include <etch/ops/concat.hpp>
#include <etch/ops/constant.hpp>
#include <etch/ops/gru.hpp>
#include <etch/ops/lstm.hpp>
#include <etch/ops/rnn.hpp>
#include <etch/ops/scan.hpp>
#include <etch/ops/squeeze.hpp>

namespace etch {

/// How a recurrent net walks along a sequence: as torch.nn.LSTM(num_layers, bidirectional) does.
struct recurrent_sequence {
  int layers = 1;              ///< each reads what the one before it gives
  bool bidirectional = false;  ///< each layer walks both ways and gives both results
  rnn_layout layout = rnn_layout::torch;
  bool bias = true;
  bool reset_after = true;  ///< see recurrent
  int projection = 0;       ///< see recurrent
  constexpr int directions() const { return bidirectional ? 2 : 1; }
};

/// What a recurrent net makes of a sequence, and what it keeps behind it.
template <class Sequence, class State>
struct sequence_values {
  Sequence y;
  State h;
};
template <class Sequence, class Hidden, class Cell>
struct lstm_sequence_values {
  Sequence y;
  Hidden h;
  Cell c;
};

namespace ops {

/// The named checks of a sequence and of the initial values of a recurrent net, whose states have
/// those widths.
template <recurrent_sequence Config, core::ints<6> Widths, class X, class... Initial>
struct operands_of_sequence {
  static constexpr ir::shape x = X::type.shape;
  static constexpr bool is_sequence = x.rank == 3;
  static constexpr bool initial_fits = [] {
    std::size_t i = 0;
    auto const fits = [&](ir::tensor_type const& initial) {
      return initial.dtype == X::type.dtype &&
             initial.shape == ir::shape(Config.layers * Config.directions(), is_sequence ? x[1] : 1,
                                        Widths[i++]);
    };
    return (fits(front::operand_tensor<Initial>::type) && ...);
  }();
  static constexpr bool has_layers = Config.layers > 0 &&
                                     (Config.layout == rnn_layout::torch ||
                                      (Config.layers == 1 && !Config.bidirectional));
};

/// What one direction of one layer is.
constexpr recurrent cell_of(recurrent_sequence of, int layer, bool reverse) {
  return {.layout = of.layout,
          .bias = of.bias,
          .layer = of.layout == rnn_layout::torch ? layer : -1,
          .reset_after = of.reset_after,
          .reverse = reverse,
          .projection = of.projection};
}

/// One layer: Cell::step<recurrent>(row, states...) -> the next states, of which the first is the
/// result. `states`: of all layers and directions, [L D, B, H] each.
template <class Cell, recurrent_sequence Config, int Layer, int Direction, class X, class... State>
constexpr auto walk_layer(Cell const& cell, X const& x, State const&... states) {
  constexpr int number = Layer * Config.directions() + Direction;
  constexpr bool reverse = Direction == 1;
  return scan<scan_options{.reverse = reverse}>(
      std::tuple(etch::squeeze<0>(etch::slice<0, number, number + 1>(states))...), x,
      [&](auto const&... values) {
        auto const next = cell.template step<cell_of(Config, Layer, reverse)>(values...);
        return std::tuple_cat(next, std::tuple(std::get<0>(next)));
      });
}

/// The result of the walks, and the last states of all layers and directions as [L D, B, H].
template <std::size_t States, class... Walk>
constexpr auto join_states(std::tuple<Walk...> const& walks) {
  auto const joined = [&]<std::size_t S>(std::integral_constant<std::size_t, S>) {
    return std::apply(
        [](auto const&... walk) {
          return etch::concat<0>(etch::unsqueeze<0>(std::get<S>(walk))...);
        },
        walks);
  };
  return [&]<std::size_t... S>(std::index_sequence<S...>) {
    return std::tuple{joined(std::integral_constant<std::size_t, S>{})...};
  }
  (std::make_index_sequence<States>{});
}

template <class Cell, recurrent_sequence Config, int Layer, class X, class Walks, class... State>
constexpr auto walk_layers(Cell const& cell, X const& x, Walks const& before,
                           State const&... states) {
  constexpr std::size_t count = sizeof...(State);
  if constexpr (Layer == Config.layers) {
    return std::tuple_cat(std::tuple(x), join_states<count>(before));
  } else {
    auto const forward = walk_layer<Cell, Config, Layer, 0>(cell, x, states...);
    if constexpr (Config.bidirectional) {
      auto const backward = walk_layer<Cell, Config, Layer, 1>(cell, x, states...);
      return walk_layers<Cell, Config, Layer + 1>(
          cell, etch::concat<2>(std::get<count>(forward), std::get<count>(backward)),
          std::tuple_cat(before, std::tuple(forward, backward)), states...);
    } else {
      return walk_layers<Cell, Config, Layer + 1>(
          cell, std::get<count>(forward),
          std::tuple_cat(before, std::tuple<decltype(forward)>(forward)), states...);
    }
  }
}

template <int H, int Projection>
struct lstm_walk {
  static constexpr core::ints<6> widths{recurrent{.projection = Projection}.hidden(H), H};
  path name;
  template <recurrent Config, class Hidden, class State, class X>
  constexpr auto step(Hidden const& h, State const& c, X const& x) const {
    auto const next = lstm_cell<H, Config>(name, x, h, c);
    return std::tuple(next.h, next.c);
  }
};
template <int H>
struct gru_walk {
  static constexpr core::ints<6> widths{H};
  path name;
  template <recurrent Config, class State, class X>
  constexpr auto step(State const& h, X const& x) const {
    return std::tuple(gru_cell<H, Config>(name, x, h));
  }
};
template <int H>
struct rnn_walk {
  static constexpr core::ints<6> widths{H};
  path name;
  template <recurrent Config, class State, class X>
  constexpr auto step(State const& h, X const& x) const {
    return std::tuple(rnn_cell<H, Config>(name, x, h));
  }
};

/// The checks, and then the walk through all layers: a std::tuple of y and the last states.
template <recurrent_sequence Config, class Cell, class X, class... State>
constexpr auto walk_sequence(Cell const& cell, X const& x, State const&... initial) {
  using checked = operands_of_sequence<Config, Cell::widths, X, State...>;
  static_assert(checked::is_sequence, "etch: a recurrent net: the sequence is not [T, B, K]");
  static_assert(checked::has_layers,
                "etch: a recurrent net: layers is not positive, or several layers or directions "
                "have Keras' layout, which names no more than one");
  static_assert(
      checked::initial_fits,
      "etch: a recurrent net: an initial state is not [layers * directions, B, H] (h with "
      "a projection: P)");
  auto& in = x.recording();
  return walk_layers<Cell, Config, 0>(cell, front::as_tensor(x), std::tuple<>{},
                                      front::as_tensor(initial, in)...);
}

template <int H, recurrent_sequence Config, class X>
constexpr auto zero_state(X const& like) {
  constexpr int batch = X::type.rank() == 3 ? static_cast<int>(X::type.shape[1]) : 1;
  return constant<typename front::tensor_of<X>::value_type, Config.layers * Config.directions(),
                  batch, H>(0, like);
}

}  // namespace ops

/// lstm_sequence<H>(name, x, h, c): a long short-term memory along a sequence: lstm_cell for each
/// row of x. Without h and c it begins with zeros. `.y` is what the last layer gives at each step
/// (of both directions side by side), `.h` and `.c` are the last states.
///   auto const y = lstm_sequence<40>("rnn", x).y;
/// shape     x[T, B, K], h, c[L D, B, H] -> .y[T, B, D H], .h, .c[L D, B, H] for L layers and D
///           directions; with .projection = P it is P instead of H in h and y
/// weights   those of lstm_cell for each layer and direction: names end in _l0, _l0_reverse, _l1...
///           in PyTorch's layout, in none in Keras'
/// dtype     float, double
/// numerics  the bits of lstm_cell step by step
/// errors    x of another rank; initial states of another shape; several layers in Keras' layout
/// source    torch.nn.LSTM; tf.keras.layers.LSTM(return_sequences=True, time_major=True)
template <int H, recurrent_sequence Config = recurrent_sequence{}, symbolic X,
          front::tensor_operand Hidden, front::tensor_operand Cell>
constexpr auto lstm_sequence(path const& name, X const& x, Hidden const& h, Cell const& c) {
  auto const [y, last_h, last_c] =
      ops::walk_sequence<Config>(ops::lstm_walk<H, Config.projection>{name}, x, h, c);
  return lstm_sequence_values<std::remove_const_t<decltype(y)>,
                              std::remove_const_t<decltype(last_h)>,
                              std::remove_const_t<decltype(last_c)>>{y, last_h, last_c};
}
template <int H, recurrent_sequence Config = recurrent_sequence{}, symbolic X>
constexpr auto lstm_sequence(path const& name, X const& x) {
  constexpr int hidden = recurrent{.projection = Config.projection}.hidden(H);
  return lstm_sequence<H, Config>(name, x, ops::zero_state<hidden, Config>(x),
                                  ops::zero_state<H, Config>(x));
}

/// gru_sequence<H>(name, x, h): the same with gated recurrent units: gru_cell for each row of x.
/// shape     x[T, B, K], h[L D, B, H] -> .y[T, B, D H], .h[L D, B, H]
/// source    torch.nn.GRU; tf.keras.layers.GRU(return_sequences=True, time_major=True)
template <int H, recurrent_sequence Config = recurrent_sequence{}, symbolic X,
          front::tensor_operand Hidden>
constexpr auto gru_sequence(path const& name, X const& x, Hidden const& h) {
  auto const [y, last] = ops::walk_sequence<Config>(ops::gru_walk<H>{name}, x, h);
  return sequence_values<std::remove_const_t<decltype(y)>, std::remove_const_t<decltype(last)>>{
      y, last};
}
template <int H, recurrent_sequence Config = recurrent_sequence{}, symbolic X>
constexpr auto gru_sequence(path const& name, X const& x) {
  return gru_sequence<H, Config>(name, x, ops::zero_state<H, Config>(x));
}

/// rnn_sequence<H>(name, x, h): the same with Elman's network: rnn_cell for each row of x.
/// shape     x[T, B, K], h[L D, B, H] -> .y[T, B, D H], .h[L D, B, H]
/// source    torch.nn.RNN; tf.keras.layers.SimpleRNN(return_sequences=True, time_major=True)
template <int H, recurrent_sequence Config = recurrent_sequence{}, symbolic X,
          front::tensor_operand Hidden>
constexpr auto rnn_sequence(path const& name, X const& x, Hidden const& h) {
  auto const [y, last] = ops::walk_sequence<Config>(ops::rnn_walk<H>{name}, x, h);
  return sequence_values<std::remove_const_t<decltype(y)>, std::remove_const_t<decltype(last)>>{
      y, last};
}
template <int H, recurrent_sequence Config = recurrent_sequence{}, symbolic X>
constexpr auto rnn_sequence(path const& name, X const& x) {
  return rnn_sequence<H, Config>(name, x, ops::zero_state<H, Config>(x));
}

}  // namespace etch
