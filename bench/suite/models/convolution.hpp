#pragma once

#include <etch/etch.hpp>

namespace bench::models {

/// What stands behind a convolution and its batch norm.
enum class behind : unsigned char { nothing, relu, relu6 };

/// A convolution without bias (`of`.0), a batch norm (`of`.1) and an activation.
template <int Outputs, etch::conv Shape, behind Then = behind::relu, class X>
constexpr auto conv_block(etch::path const& of, X const& x) {
  constexpr etch::conv without_bias = [] {
    etch::conv shape = Shape;
    shape.bias = false;
    return shape;
  }();
  auto const h = etch::batch_norm(of / 1, etch::conv2d<Outputs, without_bias>(of / 0, x));
  if constexpr (Then == behind::relu)
    return etch::relu(h);
  else if constexpr (Then == behind::relu6)
    return etch::clamp(h, 0, 6);
  else
    return h;
}

template <class X>
inline constexpr int channels_of = static_cast<int>(X::type.shape[1]);

/// A block whose convolution stays within each channel.
template <etch::conv Shape, behind Then = behind::relu, class X>
constexpr auto depthwise_block(etch::path const& of, X const& x) {
  constexpr etch::conv within = [] {
    etch::conv shape = Shape;
    shape.groups = channels_of<X>;
    return shape;
  }();
  return conv_block<channels_of<X>, within, Then>(of, x);
}

/// A block whose convolution stays within each pixel.
template <int Outputs, behind Then = behind::relu, int Stride = 1, class X>
constexpr auto pointwise_block(etch::path const& of, X const& x) {
  return conv_block<Outputs, etch::conv{.kernel = 1, .stride = Stride}, Then>(of, x);
}

/// The mean of each channel and a linear layer on it: fc.weight, fc.bias.
template <int Classes, class X>
constexpr auto classify(X const& x) {
  return etch::linear<Classes>("fc", etch::mean<2, 3>(x));
}

}  // namespace bench::models
