#pragma once

#include <etch/ops/conv2d.hpp>
#include <etch/ops/of_lanes.hpp>

namespace etch {

namespace ops {
/// Convolutions of signals alone, channels last.
/// shape     x[B, H, W, C, L], weight[O, C, kh, kw], bias[O] -> [B, H', W', O, L]
struct lane_conv2d : of_lanes<conv2d> {
  static constexpr ir::op_key key{"lane_conv2d"};

  /// Whether the windows of a convolution are all inside of x and of one row, or of one column.
  static constexpr bool takes(ir::shape const& w, conv2d::attrs const& a) {
    bool const unpadded =
        a.pad_top == 0 && a.pad_left == 0 && a.pad_bottom == 0 && a.pad_right == 0;
    return a.channels_last && a.groups == 1 && unpadded && (w[2] == 1 || w[3] == 1);
  }
};
}  // namespace ops

template <>
struct op_for<ops::lane_conv2d::key> : std::type_identity<ops::lane_conv2d> {};

}  // namespace etch
