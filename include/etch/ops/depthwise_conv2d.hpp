#pragma once

#include <etch/ops/conv2d.hpp>

namespace etch {

namespace ops {

/// One group for each channel of x.
template <class X>
constexpr conv depthwise(conv config) {
  config.groups =
      static_cast<int>(extent_or_one(X::type.shape, image_axes(config.layout == nhwc).channel));
  return config;
}

}  // namespace ops

/// depthwise_conv2d<conv{...}>(x, weight, bias): a convolution of each channel by itself, which is
/// conv2d with one group for each channel; the bias may be left out.
/// shape     x[B, C, H, W] or [B, H, W, C]; weight[C * M, 1, kh, kw]; bias[C * M]; M outputs for
///           each channel, next to each other
/// dtype, numerics, errors, source  those of conv2d
template <conv Config = conv{}, front::tensor_operand X, front::tensor_operand W,
          front::tensor_operand... B>
requires(sizeof...(B) <= 1) constexpr auto depthwise_conv2d(X const& x, W const& weight,
                                                            B const&... bias) {
  return ops::record_conv2d<ops::depthwise<front::operand_tensor<X>>(Config)>(x, weight, bias...);
}

/// depthwise_conv2d<conv{.kernel = 3}, M = 1>(name, x): the same with the parameters name.weight
/// and name.bias.
template <conv Config, int Multiplier = 1, symbolic X>
constexpr auto depthwise_conv2d(path const& name, X const& x) {
  constexpr conv config = ops::depthwise<X>(Config);
  return conv2d<config.groups * Multiplier, config>(name, x);
}

}  // namespace etch
