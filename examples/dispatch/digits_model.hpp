#pragma once

#include <etch/etch.hpp>

// For everybody: `inline`, so that it is one model in every file that includes this.
inline constexpr auto digits = [](etch::tensor<float, 1, 784> pixels) {
  auto h = etch::relu(etch::linear<96>("fc1", pixels));
  h = etch::relu(etch::linear<96>("fc2", h)) + h;
  return etch::softmax(etch::linear<10>("fc3", h));
};

using Digits = etch::dispatched<digits>;
