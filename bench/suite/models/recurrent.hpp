#pragma once

#include <etch/etch.hpp>

namespace bench::models {

/// An LSTM and a linear layer, one step a call.
template <int Batch, int Inputs, int Width>
struct lstm_step {
  constexpr auto operator()(etch::tensor<float, Batch, Inputs> x) const {
    return etch::linear<1>("dense", etch::lstm<Width>("rnn", x));
  }
};

/// The same along a sequence, in one call.
template <int Steps, int Width>
struct lstm_sequence {
  constexpr auto operator()(etch::tensor<float, Steps, 1, 1> x) const {
    return etch::linear<1>("dense", etch::lstm_sequence<Width>("rnn", x).y);
  }
};

/// A GRU and a linear layer, one step a call.
template <int Batch, int Width>
struct gru_step {
  constexpr auto operator()(etch::tensor<float, Batch, 1> x) const {
    return etch::linear<1>("dense", etch::gru<Width>("rnn", x));
  }
};

/// Two GRUs of 96 and a dense layer, as noise suppressors have them, one step a call.
struct two_grus {
  constexpr auto operator()(etch::tensor<float, 1, 24> x) const {
    auto const h = etch::gru<96>("rnn2", etch::gru<96>("rnn1", x));
    return etch::sigmoid(etch::linear<22>("dense", h));
  }
};

/// The actuator of a legged robot: two LSTMs of 8 for each of its 12 joints.
struct actuator {
  constexpr auto operator()(etch::tensor<float, 12, 2> x) const {
    auto const h = etch::lstm<8>("rnn2", etch::lstm<8>("rnn1", x));
    return etch::linear<1>("dense", h);
  }
};

}  // namespace bench::models
