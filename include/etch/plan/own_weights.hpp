#pragma once

#include <cstdint>

#include <etch/plan/frozen.hpp>

namespace etch::plan {

/// The plan for `lanes` instances side by side that share their weights, for instances that have
/// their own: where the weights have a number, they have one for each instance, side by side.
template <sizes S>
constexpr frozen<S> with_own_weights(frozen<S> of, std::int64_t lanes) {
  for (location& each : of.locations) {
    if (each.place != place::weights) continue;
    each.offset *= lanes;
    ir::shape& shape = each.type.shape;  // of what lanes read, a lane_weight alone ends in 1
    if (shape.rank > 0 && shape[shape.rank - 1] == 1) shape[shape.rank - 1] = lanes;
  }
  return of;
}

}  // namespace etch::plan
