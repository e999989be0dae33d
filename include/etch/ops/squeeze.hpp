#pragma once

#include <etch/ops/reshape.hpp>

namespace etch {

namespace ops {

/// The named checks of squeeze.
template <int Axis, class X>
struct squeezed {
  static constexpr ir::shape before = X::type.shape;
  static constexpr int axis = ir::normalised_axis(Axis, before.rank);
  static constexpr bool in_range = axis >= 0 && axis < before.rank;
  static constexpr bool single = extent_or_one(before, axis) == 1;
  static constexpr core::ints<6> extents = [] {
    core::ints<6> after;
    for (int i = 0; i < before.rank; ++i) {
      if (i != axis || !single) after.push_back(before[i]);
    }
    return after;
  }();
};

/// The named checks of unsqueeze.
template <int Axis, class X>
struct unsqueezed {
  static constexpr ir::shape before = X::type.shape;
  static constexpr int axis = ir::normalised_axis(Axis, before.rank + 1);
  static constexpr bool in_range = axis >= 0 && axis <= before.rank;
  static constexpr bool below_six = before.rank < ir::max_rank;
  static constexpr core::ints<6> extents = [] {
    core::ints<6> after;
    for (int i = 0; i <= before.rank; ++i) {
      if (i == axis && below_six) after.push_back(1);
      if (i < before.rank) after.push_back(before[i]);
    }
    return after;
  }();
};

}  // namespace ops

/// squeeze<axis>(x): x without an axis of extent 1.
/// shape     [B, 1, N] -> [B, N]
/// dtype     any
/// numerics  exact; a reshape
/// errors    an axis out of range, an axis with more than one element
/// source    numpy.squeeze; ONNX Squeeze-13
template <int Axis, front::tensor_operand X>
constexpr auto squeeze(X const& x) {
  using checked = ops::squeezed<Axis, front::operand_tensor<X>>;
  static_assert(checked::in_range, "etch: squeeze: the axis is out of range");
  static_assert(checked::single, "etch: squeeze: the axis has more than one element");
  return ops::record_reshape<checked::extents>(x);
}

/// unsqueeze<axis>(x): x with one more axis of extent 1, which is `axis` of the result.
/// shape     [B, N] -> [B, 1, N]
/// dtype     any
/// numerics  exact; a reshape
/// errors    an axis out of range, a rank above 6
/// source    torch.unsqueeze; ONNX Unsqueeze-13
template <int Axis, front::tensor_operand X>
constexpr auto unsqueeze(X const& x) {
  using checked = ops::unsqueezed<Axis, front::operand_tensor<X>>;
  static_assert(checked::in_range, "etch: unsqueeze: the axis is out of range");
  static_assert(checked::below_six, "etch: unsqueeze: the rank is above 6");
  return ops::record_reshape<checked::extents>(x);
}

}  // namespace etch
