#pragma once

#include <etch/etch.hpp>

namespace nets {

/// The classifier of examples/digits: 28 x 28 pixels, 0 paper and 1 ink, to the probabilities of
/// the ten digits.
template <int Batch>
struct digits_net {
  constexpr auto operator()(etch::tensor<float, Batch, 784> pixels) const {
    using namespace etch;
    auto h = relu(linear<96>("fc1", pixels));
    h = relu(linear<96>("fc2", h)) + h;
    return softmax(linear<10>("fc3", h));
  }
};

template <int Batch = 1>
inline constexpr digits_net<Batch> digits{};

}  // namespace nets
