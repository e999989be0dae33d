#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <etch/etch.hpp>

/// Layers of Keras models: parameters by the names that Keras gives them ("conv2d_3/kernel"), in
/// its layouts, or with the kernels turned into PyTorch's.
namespace nets::keras {

/// name("dense", 0, "bias") is "dense/bias", name("dense", 2, "bias") is "dense_2/bias".
constexpr etch::path name(std::string_view layer, int number, std::string_view tensor) {
  std::array<char, 64> text{};
  std::size_t size = 0;
  auto const add = [&](char c) { text[size++] = c; };
  for (char c : layer) add(c);
  if (number > 0) add('_');
  if (number > 9) add(static_cast<char>('0' + number / 10));
  if (number > 0) add(static_cast<char>('0' + number % 10));
  add('/');
  for (char c : tensor) add(c);
  return std::string_view(text.data(), size);
}

/// How a file stores kernels: Keras' [kh, kw, in, out] and [in, out], or PyTorch's [out, in, kh,
/// kw] and [out, in].
enum class kernels { hwio, oihw };

/// Dense layer `number` with N outputs and a bias.
template <int N, kernels Stored = kernels::hwio, class X>
constexpr auto dense(int number, X const& x) {
  constexpr int k = static_cast<int>(X::type.shape[X::type.rank() - 1]);
  auto const bias = etch::parameter<float, N>(name("dense", number, "bias"));
  if constexpr (Stored == kernels::hwio)
    return etch::dense(x, etch::parameter<float, k, N>(name("dense", number, "kernel")), bias);
  else
    return etch::linear(x, etch::parameter<float, N, k>(name("dense", number, "kernel")), bias);
}

/// Conv2D layer `number` with N outputs, padding "same" and a bias.
template <int N, int Kernel, int Stride, kernels Stored, etch::image_layout Layout, class X>
constexpr auto conv2d(int number, X const& x) {
  constexpr int inputs = static_cast<int>(X::type.shape[Layout == etch::nhwc ? 3 : 1]);
  constexpr etch::conv how{
      .kernel = Kernel, .stride = Stride, .padding = etch::same, .layout = Layout};
  etch::path const kernel = name("conv2d", number, "kernel");
  auto const bias = etch::parameter<float, N>(name("conv2d", number, "bias"));
  if constexpr (Stored == kernels::hwio)
    return etch::conv2d<how>(
        x, etch::hwio(etch::parameter<float, Kernel, Kernel, inputs, N>(kernel, x)), bias);
  else
    return etch::conv2d<how>(x, etch::parameter<float, N, inputs, Kernel, Kernel>(kernel), bias);
}

/// BatchNormalization layer `number` over the channels, epsilon 0.001.
template <int Axis = -1, class X>
constexpr auto batch_norm(int number, X const& x) {
  constexpr int c =
      static_cast<int>(X::type.shape[etch::ir::normalised_axis(Axis, X::type.rank())]);
  auto const weight = [&](std::string_view tensor) {
    return etch::parameter<float, c>(name("batch_normalization", number, tensor));
  };
  return etch::batch_norm<Axis>(x, weight("gamma"), weight("beta"), weight("moving_mean"),
                                weight("moving_variance"), 0.001f);
}

}  // namespace nets::keras
