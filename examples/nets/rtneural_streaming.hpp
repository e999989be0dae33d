#pragma once

#include <string_view>

#include <etch/etch.hpp>

/// Convolutions of RTNeural's tests over a signal that arrives in blocks: [T, channels]. Families
/// over T, for `etch::streaming`.
namespace nets {

namespace detail {

constexpr etch::path signal_layer(int number, std::string_view type) {
  return etch::scope("layers") / number / type;
}

template <int N, class X>
constexpr auto signal_dense(int number, X const& x) {
  using namespace etch;
  path const of = signal_layer(number, "dense");
  return dense(x, parameter<float, static_cast<int>(X::type.shape[1]), N>(of / "kernel"),
               parameter<float, N>(of / "bias"));
}

/// A convolution by Keras' names, its kernel as [k, in / groups, out].
template <int N, etch::signal_conv How, class X>
constexpr auto signal_layer_conv(int number, X const& x) {
  using namespace etch;
  path const of = signal_layer(number, "conv1d");
  constexpr int inputs = static_cast<int>(X::type.shape[1]) / How.groups;
  return causal_conv1d<How>(of, x, kio(parameter<float, How.kernel, inputs, N>(of / "kernel", x)),
                            parameter<float, N>(of / "bias"));
}

template <int Width = 0, class X>
constexpr auto signal_prelu(int number, X const& x) {
  constexpr int width = Width > 0 ? Width : static_cast<int>(X::type.shape[1]);
  return prelu(x, etch::parameter<float, 1, width>(signal_layer(number, "prelu") / "alpha"));
}

template <class X>
constexpr auto signal_norm(int number, X const& x, float epsilon) {
  using namespace etch;
  constexpr int width = static_cast<int>(X::type.shape[1]);
  path const of = signal_layer(number, "batchnorm");
  return batch_norm<1>(x, parameter<float, width>(of / "gamma"),
                       parameter<float, width>(of / "beta"),
                       parameter<float, width>(of / "moving_mean"),
                       parameter<float, width>(of / "moving_variance"), epsilon);
}

}  // namespace detail

/// dense 8, three convolutions (one of two groups, dilated), dense 1
inline constexpr auto rtneural_conv1d = []<int T>(etch::tensor<float, T, 1> x) {
  using namespace etch;
  auto const in = tanh(detail::signal_dense<8>(0, x));
  auto const a = tanh(detail::signal_layer_conv<4, signal_conv{.kernel = 3}>(1, in));
  auto const b = detail::signal_prelu(3, detail::signal_norm(2, a, 0.01f));
  auto const c = tanh(detail::signal_layer_conv<4, signal_conv{.kernel = 1}>(4, b));
  auto const d = tanh(
      detail::signal_layer_conv<6, signal_conv{.kernel = 3, .dilation = 2, .groups = 2}>(5, c));
  path const norm = detail::signal_layer(6, "batchnorm");
  auto const e = batch_norm<1>(d, 1, 0, parameter<float, 6>(norm / "moving_mean"),
                               parameter<float, 6>(norm / "moving_variance"), 5.0f);
  return sigmoid(detail::signal_dense<1>(8, detail::signal_prelu<1>(7, e)));
};

/// One convolution by PyTorch's names.
template <int N, int Channels, etch::signal_conv How>
inline constexpr auto rtneural_conv1d_torch = []<int T>(etch::tensor<float, T, Channels> x) {
  using namespace etch;
  constexpr int inputs = Channels / How.groups;
  return causal_conv1d<How>("conv", x, parameter<float, N, inputs, How.kernel>("weight"),
                            parameter<float, N>("bias"));
};

/// A block of a temporal convolutional network: convolution, norm, PReLU and a residual.
inline constexpr auto rtneural_microtcn = []<int T>(etch::tensor<float, T, 1> x) {
  using namespace etch;
  auto const wide =
      causal_conv1d<32, signal_conv{.kernel = 4, .dilation = 10, .bias = false}>("conv1", x);
  auto const h = prelu(batch_norm<1>("bn", wide), parameter<float, 32>("relu.weight"));
  return h + causal_conv1d<32, signal_conv{.kernel = 1, .bias = false}>("res", x);
};

/// Four convolutions without padding, with PReLU and a norm behind each but the last. As a stream
/// its first 112 rows are those of the padding that the net has not.
inline constexpr auto rtneural_conv_stateless = []<int T>(etch::tensor<float, T, 1> x) {
  using namespace etch;
  auto const block = []<int N, int Kernel>(int number, auto const& in) {
    auto const y = detail::signal_layer_conv<N, signal_conv{.kernel = Kernel}>(number, in);
    return detail::signal_norm(number + 2, detail::signal_prelu(number + 1, y), 0.01f);
  };
  auto const a = block.template operator()<12, 65>(0, x);
  auto const b = block.template operator()<8, 33>(3, a);
  auto const c = block.template operator()<4, 13>(6, b);
  return tanh(detail::signal_layer_conv<1, signal_conv{.kernel = 5}>(9, c));
};

/// One transposed convolution: three rows for each row of x.
inline constexpr auto rtneural_convtranspose1d_torch = []<int T>(etch::tensor<float, T, 4> x) {
  using namespace etch;
  return causal_conv_transpose1d<15, signal_conv{.kernel = 5, .stride = 3}>("", x);
};

}  // namespace nets
