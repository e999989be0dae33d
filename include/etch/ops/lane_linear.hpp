#pragma once

#include <etch/ops/linear.hpp>
#include <etch/ops/of_lanes.hpp>

namespace etch {

namespace ops {
/// shape     x[..., K, L], weight[N, K], bias[N] -> [..., N, L]
struct lane_linear : of_lanes<linear> {
  static constexpr ir::op_key key{"lane_linear"};
};
}  // namespace ops

template <>
struct op_for<ops::lane_linear::key> : std::type_identity<ops::lane_linear> {};

}  // namespace etch
