#pragma once

#include <etch/ops/reshape.hpp>

namespace etch {

namespace ops {

/// The named check of the axes of flatten.
template <int First, class X>
struct flattened {
  static constexpr ir::shape before = X::type.shape;
  static constexpr int first = ir::normalised_axis(First, before.rank);
  static constexpr bool ok = first >= 0 && (first < before.rank || before.rank == 0);
  static constexpr core::ints<6> extents = [] {
    core::ints<6> after;
    for (int i = 0; ok && i < first; ++i) after.push_back(before[i]);
    after.push_back(before.product(ok ? first : 0, before.rank));
    return after;
  }();
};

}  // namespace ops

/// flatten<first = 1>(x): the axes from `first` on as one.
/// shape     [B, C, H, W] -> [B, C * H * W]
/// dtype     any
/// numerics  exact; a reshape
/// errors    an axis out of range
/// source    torch.flatten(start_dim=1)
template <int First = 1, front::tensor_operand X>
constexpr auto flatten(X const& x) {
  using checked = ops::flattened<First, front::operand_tensor<X>>;
  static_assert(checked::ok, "etch: flatten: the axis is out of range");
  return ops::record_reshape<checked::extents>(x);
}

}  // namespace etch
