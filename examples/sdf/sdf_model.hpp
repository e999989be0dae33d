#pragma once

#include <etch/etch.hpp>

#include "nets/sdf.hpp"

/// The distance field for a batch of points: five layers of 64 sines (nets/sdf.hpp), compiled once
/// for each instruction set and picked at load.
inline constexpr int points_per_call = 256;
using DistanceNet = etch::dispatched<nets::sdf<points_per_call>>;

// 16,640 multiply-adds and 320 sines a point; two layers' values at a time, and nothing else.
static_assert(DistanceNet::cost().flops < points_per_call * 40'000);
static_assert(DistanceNet::memory().workspace_bytes <= 2 * points_per_call * 64 * 4);
