#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <etch/etch.hpp>

/// The WaveNet of Neural Amp Modeler: stacks of dilated causal convolutions, mono in and out. A
/// family over the rows of a block, for `etch::streaming`.
namespace nets {

/// One stack: how wide it is, and the dilation of each of its layers.
template <std::size_t Layers>
struct wavenet_stack {
  int channels;
  int head;  ///< width of what it gives to the next stack's sum, or to the output
  bool head_bias;
  std::array<int, Layers> dilations;
};

template <wavenet_stack... Stacks>
struct nam_wavenet_net {
  template <int T>
  constexpr auto operator()(etch::tensor<float, T, 1> x) const {
    auto const sound = stacks<0, Stacks...>(x, x, nothing{});
    return sound * etch::parameter<float, 1>("head_scale");
  }

 private:
  struct nothing {};
  template <class Sum, class Z>
  static constexpr auto plus(Sum const& sum, Z const& z) {
    if constexpr (std::is_same_v<Sum, nothing>)
      return z;
    else
      return sum + z;
  }

  /// What stack `Number` and those behind it make of h and of the sum of the stacks before.
  template <int Number, wavenet_stack First, wavenet_stack... Rest, class X, class H, class Sum>
  static constexpr auto stacks(X const& x, H const& h, Sum const& sum) {
    using namespace etch;
    path const of = scope("layer_arrays") / Number;
    auto const wide = linear<First.channels, linear_options{.bias = false}>(of / "rechannel", h);
    return layers<Number, 0, First, Rest...>(x, wide, sum);
  }

  /// Layer `I` of a stack, and what is behind it.
  template <int Number, std::size_t I, wavenet_stack First, wavenet_stack... Rest, class X, class H,
            class Sum>
  static constexpr auto layers(X const& x, H const& h, Sum const& sum) {
    using namespace etch;
    path const stack = scope("layer_arrays") / Number;
    if constexpr (I == First.dilations.size()) {
      auto const head =
          causal_conv1d<First.head, signal_conv{.kernel = 1, .bias = First.head_bias}>(
              stack / "head_rechannel", sum);
      if constexpr (sizeof...(Rest) == 0)
        return head;
      else
        return stacks<Number + 1, Rest...>(x, h, head);
    } else {
      constexpr int channels = First.channels;
      path const of = stack / "layers" / static_cast<int>(I);
      auto const conv =
          causal_conv1d<channels, signal_conv{.kernel = 3, .dilation = First.dilations[I]}>(
              of / "conv", h);
      auto const z =
          tanh(conv + linear<channels, linear_options{.bias = false}>(of / "input_mixin", x));
      auto const next = h + linear<channels>(of / "layer1x1", z);
      return layers<Number, I + 1, First, Rest...>(x, next, plus(sum, z));
    }
  }
};

inline constexpr std::array wavenet_dilations{1, 2, 4, 8, 16, 32, 64, 128, 256, 512};

/// The "standard" size: 13,802 weights, a receptive field of 4093 samples.
inline constexpr nam_wavenet_net<wavenet_stack<10>{16, 8, false, wavenet_dilations},
                                 wavenet_stack<10>{8, 1, true, wavenet_dilations}>
    nam_wavenet_standard{};

/// Three layers, a receptive field of 23 samples.
inline constexpr nam_wavenet_net<wavenet_stack<2>{3, 2, false, {1, 2}},
                                 wavenet_stack<1>{2, 1, true, {8}}>
    nam_wavenet_tiny{};

}  // namespace nets
