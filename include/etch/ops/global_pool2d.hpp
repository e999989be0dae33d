#pragma once

#include <etch/ops/reduce_max.hpp>
#include <etch/ops/reduce_mean.hpp>
#include <etch/ops/window.hpp>

namespace etch {

namespace ops {

template <class X>
struct is_image {
  static constexpr bool ok = X::type.rank() == 4;
};

template <class Op, image_layout Layout, class X>
constexpr auto record_global_pool(X const& x) {
  using image = is_image<front::operand_tensor<X>>;
  static_assert(image::ok, "etch: global_pool2d: x is not of rank 4");
  if constexpr (!image::ok)
    return x;
  else
    return record_reduction<Op, true, image_axes(Layout == nhwc).h, image_axes(Layout == nhwc).w>(
        x);
}

}  // namespace ops

/// global_avg_pool2d<layout = nchw>(x): the mean of each channel of an image.
/// shape     [B, C, H, W] -> [B, C, 1, 1]; with nhwc [B, H, W, C] -> [B, 1, 1, C]
/// dtype     float, double
/// numerics  those of mean
/// errors    a rank other than 4
/// source    ONNX GlobalAveragePool-1
template <image_layout Layout = nchw, front::tensor_operand X>
constexpr auto global_avg_pool2d(X const& x) {
  return ops::record_global_pool<ops::reduce_mean, Layout>(x);
}

/// global_max_pool2d<layout = nchw>(x): the maximum of each channel of an image.
/// shape     [B, C, H, W] -> [B, C, 1, 1]; with nhwc [B, H, W, C] -> [B, 1, 1, C]
/// dtype     float, double
/// numerics  those of amax
/// errors    a rank other than 4
/// source    ONNX GlobalMaxPool-1
template <image_layout Layout = nchw, front::tensor_operand X>
constexpr auto global_max_pool2d(X const& x) {
  return ops::record_global_pool<ops::reduce_max, Layout>(x);
}

}  // namespace etch
