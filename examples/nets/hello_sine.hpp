#pragma once

#include "keras.hpp"

namespace nets {

/// "Hello world" of TensorFlow Lite Micro: about sin(x) for x in 0..2 pi, from 321 parameters.
template <int Batch>
struct hello_sine_net {
  constexpr auto operator()(etch::tensor<float, Batch, 1> x) const {
    auto const h = etch::relu(keras::dense<16>(0, x));
    return keras::dense<1>(2, etch::relu(keras::dense<16>(1, h)));
  }
};

template <int Batch = 1>
inline constexpr hello_sine_net<Batch> hello_sine{};

}  // namespace nets
