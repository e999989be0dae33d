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

/// Layers of `Widths` outputs with activations between them, none behind the last. Their parameters
/// are `of`.0.weight, `of`.0.bias, `of`.1.weight ...
template <activation Which, int Number, int Width, int... Widths, class X>
constexpr auto layers_from(etch::path const& of, X const& x) {
  auto const h = etch::linear<Width>(of / Number, x);
  if constexpr (sizeof...(Widths) == 0)
    return h;
  else
    return layers_from<Which, Number + 1, Widths...>(of, activate<Which>(h));
}
template <activation Which, int... Widths, class X>
constexpr auto perceptron(etch::path const& of, X const& x) {
  return layers_from<Which, 0, Widths...>(of, x);
}

/// A perceptron: mlp<activation::relu, 64, 784, 512, 10> takes 64 rows of 784 numbers to 10.
template <activation Which, int Batch, int Inputs, int... Widths>
struct mlp {
  constexpr auto operator()(etch::tensor<float, Batch, Inputs> x) const {
    return perceptron<Which, Widths...>("fc", x);
  }
};

/// The same with a softmax at its end.
template <activation Which, int Batch, int Inputs, int... Widths>
struct classifier {
  constexpr auto operator()(etch::tensor<float, Batch, Inputs> x) const {
    return etch::softmax(perceptron<Which, Widths...>("fc", x));
  }
};

}  // namespace bench::models
