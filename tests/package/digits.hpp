#pragma once

#include <etch/etch.hpp>

inline constexpr auto digits = [](etch::tensor<float, 1, 784> pixels) {
  auto h = etch::relu(etch::linear<512>("fc1", pixels));
  h = etch::relu(etch::linear<512>("fc2", h)) + h;
  return etch::softmax(etch::linear<10>("fc3", h));
};

using Digits = etch::model<digits>;
using DispatchedDigits = etch::dispatched<digits>;
