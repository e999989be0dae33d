#pragma once

// A chain of equal residual blocks of convolutions: what does the twelfth cost?
#include <etch/etch.hpp>

inline constexpr int channels = 16;

template <int Count>
struct residual_blocks {
  constexpr auto operator()(etch::tensor<float, 1, channels, 16, 16> x) const {
    using namespace etch;
    for (int i = 0; i < Count; ++i) {
      auto const block = scope("blocks") / i;
      auto h = relu(conv2d<channels, conv{.kernel = 3, .padding = 1}>(block / "conv1", x));
      h = conv2d<channels, conv{.kernel = 3, .padding = 1}>(block / "conv2", h);
      x = relu(h + x);
    }
    return x;
  }
};

template <int Count>
using blocks_model = etch::model<residual_blocks<Count>{}>;

template <int Count>
float run_blocks(etch::weights<blocks_model<Count>> const& of,
                 float const (&in)[channels * 16 * 16]) {
  etch::session<blocks_model<Count>> run(of);
  return run(in)[0];
}
