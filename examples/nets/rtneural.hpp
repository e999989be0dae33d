#pragma once

#include <etch/etch.hpp>

/// Nets of RTNeural's tests. Kernels are Keras'; parameters are named layers.<i>.<type>.<tensor>.
namespace nets {

/// Eight dense layers with tanh, relu, elu and softmax between them; each sample stands alone.
template <int Batch>
struct rtneural_dense_net {
  constexpr auto operator()(etch::tensor<float, Batch, 1> x) const {
    using namespace etch;
    auto h = tanh(layer<8>(0, x));
    h = relu(layer<8>(2, h));
    h = elu(layer<8>(4, h));
    h = softmax(layer<8>(6, h));
    return layer<1, false>(11, layer<8, false>(10, layer<8, false>(9, layer<1>(8, h))));
  }

 private:
  template <int N, bool Bias = true, class X>
  static constexpr auto layer(int number, X const& x) {
    using namespace etch;
    path const of = scope("layers") / number / "dense";
    auto const kernel = parameter<float, static_cast<int>(X::type.shape[1]), N>(of / "kernel");
    if constexpr (Bias)
      return dense(x, kernel, parameter<float, N>(of / "bias"));
    else
      return dense(x, kernel);
  }
};

template <int Batch = 1>
inline constexpr rtneural_dense_net<Batch> rtneural_dense{};

/// Three convolutions over [batch, time, features, channels], dilated and strided, two batch norms.
template <int Batch>
struct rtneural_conv2d_net {
  constexpr auto operator()(etch::tensor<float, Batch, 50, 23, 1> x) const {
    using namespace etch;
    auto const first = layer<conv{.dilation = {2, 1}, .layout = nhwc}, 5, 5, 2>(0, x);
    path const before = scope("layers") / 1 / "batchnorm2d";
    auto const h = relu(batch_norm<-1>(first, 1, 0, parameter<float, 2>(before / "moving_mean"),
                                       parameter<float, 2>(before / "moving_variance"), 5.0f));
    auto const second =
        layer<conv{.stride = {1, 2}, .padding = same, .layout = nhwc}, 4, 3, 3>(3, h);
    path const behind = scope("layers") / 4 / "batchnorm2d";
    auto const n = batch_norm<-1>(second, parameter<float, 3>(behind / "gamma"),
                                  parameter<float, 3>(behind / "beta"),
                                  parameter<float, 3>(behind / "moving_mean"),
                                  parameter<float, 3>(behind / "moving_variance"), 0.01f);
    return layer<conv{.dilation = {3, 1}, .layout = nhwc}, 2, 3, 1>(5, n);
  }

 private:
  template <etch::conv How, int Height, int Width, int Outputs, class X>
  static constexpr auto layer(int number, X const& x) {
    using namespace etch;
    path const of = scope("layers") / number / "conv2d";
    constexpr int inputs = static_cast<int>(X::type.shape[3]);
    return conv2d<How>(x, hwio(parameter<float, Height, Width, inputs, Outputs>(of / "kernel", x)),
                       parameter<float, Outputs>(of / "bias"));
  }
};

template <int Batch = 1>
inline constexpr rtneural_conv2d_net<Batch> rtneural_conv2d{};

}  // namespace nets
