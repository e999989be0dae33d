#pragma once

#include <etch/etch.hpp>

#include "nets/amp.hpp"

/// The amplifier, compiled once for each instruction set and picked at load.
using AmpNet = etch::dispatched<nets::amp>;

inline constexpr int samples_per_second = 48'000;  // what the net was trained for

// A LSTM of 16 and a linear layer: 1,200 multiply-adds, and some 80 activations of it.
static_assert(AmpNet::cost().flops < 5'000);
static_assert(AmpNet::cost().steps_in_loops == 0);
static_assert(AmpNet::memory().state_bytes <= 256);
