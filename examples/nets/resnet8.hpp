#pragma once

#include "keras.hpp"

namespace nets {

/// ResNet-8 for CIFAR-10, the image classification of MLPerf Tiny. Images of 32 x 32 pixels, RGB as
/// 0..255, to the logits and probabilities of ten classes.
///
/// The images are channels last, as in Keras. Layout and Stored say how the net is written inside:
/// as Keras has it, or channels first with kernels [out, in, kh, kw].
template <int Batch, etch::image_layout Layout = etch::nhwc,
          keras::kernels Stored = keras::kernels::hwio>
struct resnet8_net {
  constexpr auto operator()(etch::tensor<float, Batch, 32, 32, 3> pixels) const {
    using namespace etch;
    auto const x0 = relu(norm<0>(conv<16, 3, 1>(0, inside(pixels))));
    auto const y0 = norm<2>(conv<16, 3, 1>(2, relu(norm<1>(conv<16, 3, 1>(1, x0)))));
    auto const x1 = relu(x0 + y0);
    auto const y1 = norm<4>(conv<32, 3, 1>(4, relu(norm<3>(conv<32, 3, 2>(3, x1)))));
    auto const x2 = relu(conv<32, 1, 2>(5, x1) + y1);
    auto const y2 = norm<6>(conv<64, 3, 1>(7, relu(norm<5>(conv<64, 3, 2>(6, x2)))));
    auto const x3 = relu(conv<64, 1, 2>(8, x2) + y2);
    auto const mean = avg_pool2d<pool{.kernel = 8, .layout = Layout}>(x3);
    auto const logits = keras::dense<10, Stored>(0, flatten(mean));
    return outputs("logits"_t = logits, "y"_t = softmax(logits));
  }

 private:
  template <class X>
  static constexpr auto inside(X const& pixels) {
    if constexpr (Layout == etch::nhwc)
      return pixels;
    else
      return etch::transpose<0, 3, 1, 2>(pixels);
  }
  template <int N, int Kernel, int Stride, class X>
  static constexpr auto conv(int number, X const& x) {
    return keras::conv2d<N, Kernel, Stride, Stored, Layout>(number, x);
  }
  template <int Number, class X>
  static constexpr auto norm(X const& x) {
    constexpr int axis = Layout == etch::nhwc ? -1 : 1;
    return keras::batch_norm<axis>(Number, x);
  }
};

template <int Batch = 1>
inline constexpr resnet8_net<Batch> resnet8{};
template <int Batch = 1>
inline constexpr resnet8_net<Batch, etch::nchw, keras::kernels::oihw> resnet8_nchw{};

}  // namespace nets
