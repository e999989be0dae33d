#pragma once

#include <etch/etch.hpp>

namespace bench::models {

/// What stands between the layers of a perceptron.
enum class activation : unsigned char { relu, tanh, elu };

template <activation Which, class X>
constexpr auto activate(X const& x) {
  if constexpr (Which == activation::tanh)
    return etch::tanh(x);
  else if constexpr (Which == activation::elu)
    return etch::elu(x);
  else
    return etch::relu(x);
}

/// Layers of `Widths` outputs with activations between them: fc.0.weight, fc.0.bias, fc.1.weight...
template <activation Which, int Number, int Width, int... Widths, class X>
constexpr auto perceptron_from(X const& x) {
  auto const h = etch::linear<Width>(etch::scope("fc") / Number, x);
  if constexpr (sizeof...(Widths) == 0)
    return h;
  else
    return perceptron_from<Which, Number + 1, Widths...>(activate<Which>(h));
}
template <activation Which, int... Widths, class X>
constexpr auto perceptron(X const& x) {
  return perceptron_from<Which, 0, Widths...>(x);
}

/// A perceptron: mlp<activation::relu, 64, 784, 512, 10> takes 64 rows of 784 numbers.
template <activation Which, int Batch, int Inputs, int... Widths>
struct mlp {
  constexpr auto operator()(etch::tensor<float, Batch, Inputs> x) const {
    return perceptron<Which, Widths...>(x);
  }
};

/// The same with a softmax at its end.
template <activation Which, int Batch, int Inputs, int... Widths>
struct classifier {
  constexpr auto operator()(etch::tensor<float, Batch, Inputs> x) const {
    return etch::softmax(perceptron<Which, Widths...>(x));
  }
};

}  // namespace bench::models
