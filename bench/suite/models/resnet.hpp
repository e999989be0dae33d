#pragma once

#include "convolution.hpp"

namespace bench::models {

/// Which ResNet: two convolutions of 3 x 3 in a block, or 1 x 1, 3 x 3, 1 x 1 with four times the
/// width at the end.
enum class block_kind : unsigned char { basic, bottleneck };

/// ResNet on 224 x 224 pixels: `Blocks` in the four stages, 64 channels in the first one.
///   resnet<block_kind::basic, 2, 2, 2, 2> is ResNet-18
///   resnet<block_kind::bottleneck, 3, 4, 6, 3> is ResNet-50
template <block_kind Kind, int... Blocks>
struct resnet {
  static_assert(sizeof...(Blocks) == 4, "etch: bench: a ResNet has four stages");

  constexpr auto operator()(etch::tensor<float, 1, 3, 224, 224> pixels) const {
    using namespace etch;
    auto const x = conv_block<64, conv{.kernel = 7, .stride = 2, .padding = 3}>("f.0", pixels);
    auto const pooled = max_pool2d<pool{.kernel = 3, .stride = 2, .padding = 1}>(x);
    return classify<1000>(stages<2, 64, Blocks...>(pooled));
  }

 private:
  static constexpr int growth = Kind == block_kind::basic ? 1 : 4;

  /// The blocks are modules of the sequence f, from `first` on.
  template <int First, int Width, int Count, int... Rest, class X>
  static constexpr auto stages(X const& x) {
    auto y = block < Width, First == 2 ? 1 : 2 > (etch::scope("f") / First, x);
    for (int i = 1; i < Count; ++i) y = block<Width, 1>(etch::scope("f") / (First + i), y);
    if constexpr (sizeof...(Rest) == 0)
      return y;
    else
      return stages<First + Count, 2 * Width, Rest...>(y);
  }

  template <int Width, int Stride, class X>
  static constexpr auto block(etch::scope const& of, X const& x) {
    return etch::relu(residual<Width, Stride>(of, x) + shortcut<growth * Width, Stride>(of, x));
  }

  template <int Width, int Stride, class X>
  static constexpr auto residual(etch::scope const& of, X const& x) {
    using etch::conv;
    constexpr conv strided{.kernel = 3, .stride = Stride, .padding = 1};
    if constexpr (Kind == block_kind::basic)
      return conv_block<Width, conv{.kernel = 3, .padding = 1}, behind::nothing>(
          of / "b", conv_block<Width, strided>(of / "a", x));
    else
      return pointwise_block<growth * Width, behind::nothing>(
          of / "c", conv_block<Width, strided>(of / "b", pointwise_block<Width>(of / "a", x)));
  }

  template <int Outputs, int Stride, class X>
  static constexpr auto shortcut(etch::scope const& of, X const& x) {
    if constexpr (Stride == 1 && channels_of<X> == Outputs)
      return x;
    else
      return pointwise_block<Outputs, behind::nothing, Stride>(of / "sc", x);
  }
};

}  // namespace bench::models
