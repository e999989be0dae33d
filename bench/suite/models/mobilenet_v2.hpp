#pragma once

#include "convolution.hpp"

namespace bench::models {

/// MobileNetV2 on 224 x 224 pixels: blocks that widen six times, filter within each channel and
/// narrow again, with a shortcut between the narrow ends.
class mobilenet_v2 {
  /// `Count` blocks, modules f.First and so on; the first one has the stride.
  template <int First, int Channels, int Stride, int Count, class X>
  static constexpr auto blocks(X const& x) {
    auto y = block<Channels, Stride, 6>(etch::scope("f") / First, x);
    for (int i = 1; i < Count; ++i) y = block<Channels, 1, 6>(etch::scope("f") / (First + i), y);
    return y;
  }

  template <int Channels, int Stride, int Widening, class X>
  static constexpr auto block(etch::scope const& of, X const& x) {
    auto const y = residual<Channels, Stride, Widening>(of / "f", x);
    if constexpr (Stride == 1 && channels_of<X> == Channels)
      return x + y;
    else
      return y;
  }

  template <int Channels, int Stride, int Widening, class X>
  static constexpr auto residual(etch::scope const& of, X const& x) {
    constexpr etch::conv filter{.kernel = 3, .stride = Stride, .padding = 1};
    if constexpr (Widening == 1) {
      auto const h = depthwise_block<filter, behind::relu6>(of / 0, x);
      return pointwise_block<Channels, behind::nothing>(of / 1, h);
    } else {
      auto const wide = pointwise_block<Widening * channels_of<X>, behind::relu6>(of / 0, x);
      auto const h = depthwise_block<filter, behind::relu6>(of / 1, wide);
      return pointwise_block<Channels, behind::nothing>(of / 2, h);
    }
  }

 public:
  constexpr auto operator()(etch::tensor<float, 1, 3, 224, 224> pixels) const {
    using namespace etch;
    auto const x =
        conv_block<32, conv{.kernel = 3, .stride = 2, .padding = 1}, behind::relu6>("f.0", pixels);
    auto const fine = blocks<4, 32, 2, 3>(blocks<2, 24, 2, 2>(block<16, 1, 1>("f.1", x)));
    auto const middle = blocks<11, 96, 1, 3>(blocks<7, 64, 2, 4>(fine));
    auto const coarse = blocks<17, 320, 1, 1>(blocks<14, 160, 2, 3>(middle));
    return classify<1000>(pointwise_block<1280, behind::relu6>("f.18", coarse));
  }
};

}  // namespace bench::models
