#pragma once

#include "convolution.hpp"

namespace bench::models {

/// ResNet-8 on 32 x 32 pixels, the image classification of MLPerf Tiny.
class resnet8 {
  template <int Number, int Channels, int Stride, class X>
  static constexpr auto stage(X const& x) {
    using namespace etch;
    auto const h = conv_block<Channels, conv{.kernel = 3, .stride = Stride, .padding = 1}>(
        scope("a") / Number, x);
    auto const y = conv_block<Channels, conv{.kernel = 3, .padding = 1}, behind::nothing>(
        scope("b") / Number, h);
    if constexpr (Stride == 1)
      return relu(y + x);
    else
      return relu(y +
                  conv2d<Channels, conv{.kernel = 1, .stride = Stride}>(scope("sc") / Number, x));
  }

 public:
  constexpr auto operator()(etch::tensor<float, 1, 3, 32, 32> pixels) const {
    auto const x = conv_block<16, etch::conv{.kernel = 3, .padding = 1}>("stem", pixels);
    auto const features = stage<2, 64, 2>(stage<1, 32, 2>(stage<0, 16, 1>(x)));
    return etch::softmax(classify<10>(features));
  }
};

/// DS-CNN on 49 x 10 cepstral coefficients, the keyword spotting of MLPerf Tiny.
struct ds_cnn {
  constexpr auto operator()(etch::tensor<float, 1, 1, 49, 10> sound) const {
    using namespace etch;
    auto const f = scope("f");
    auto x = conv_block<64, conv{.kernel = {10, 4}, .stride = 2, .padding = {5, 1}}>(f / 0, sound);
    for (int i = 1; i <= 7; i += 2)
      x = pointwise_block<64>(f / (i + 1),
                              depthwise_block<conv{.kernel = 3, .padding = 1}>(f / i, x));
    return softmax(classify<12>(x));
  }
};

/// MobileNet (version 1, a quarter of its width) on 96 x 96 pixels, the visual wake words of MLPerf
/// Tiny.
class mobilenet025 {
  template <int Number, int Channels, int Stride, class X>
  static constexpr auto block(X const& x) {
    auto const f = etch::scope("f");
    auto const h = depthwise_block<etch::conv{.kernel = 3, .stride = Stride, .padding = 1}>(
        f / (2 * Number - 1), x);
    return pointwise_block<Channels>(f / (2 * Number), h);
  }

 public:
  constexpr auto operator()(etch::tensor<float, 1, 3, 96, 96> pixels) const {
    using namespace etch;
    auto const x = conv_block<8, conv{.kernel = 3, .stride = 2, .padding = 1}>("f.0", pixels);
    auto const early = block<3, 32, 1>(block<2, 32, 2>(block<1, 16, 1>(x)));
    auto middle = block<6, 128, 2>(block<5, 64, 1>(block<4, 64, 2>(early)));
    middle = block<9, 128, 1>(block<8, 128, 1>(block<7, 128, 1>(middle)));
    middle = block<11, 128, 1>(block<10, 128, 1>(middle));
    return softmax(classify<2>(block<13, 256, 1>(block<12, 256, 2>(middle))));
  }
};

/// The fully connected autoencoder of MLPerf Tiny's anomaly detection.
class fc_autoencoder {
  /// A layer, its batch norm and relu: three modules of the sequence f.
  template <int Width, class X>
  static constexpr auto layer(int number, X const& x) {
    auto const f = etch::scope("f");
    auto const h = etch::linear<Width>(f / (3 * number), x);
    return etch::relu(etch::batch_norm(f / (3 * number + 1), h));
  }

 public:
  constexpr auto operator()(etch::tensor<float, 1, 640> window) const {
    auto h = layer<128>(0, window);
    for (int i = 1; i < 4; ++i) h = layer<128>(i, h);
    auto back = layer<128>(5, layer<8>(4, h));
    for (int i = 6; i < 9; ++i) back = layer<128>(i, back);
    return etch::linear<640>(etch::scope("f") / 27, back);
  }
};

}  // namespace bench::models
