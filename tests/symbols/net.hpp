#pragma once

#include <etch/etch.hpp>

// A model that reaches every family of kernels: convolutions (direct, depthwise), pooling,
// products, norms, softmax, reductions, elementwise chains with vector math, views and copies,
// gathers, casts, attention with and without a cache.
inline constexpr auto symbols_net = [](etch::tensor<float, 1, 3, 8, 8> image,
                                       etch::tensor<std::int64_t, 1, 4> words) {
  using namespace etch;
  auto h = relu(conv2d<8, conv{.kernel = 3, .padding = 1}>("c1", image));
  h = h + silu(conv2d<8, conv{.kernel = 3, .padding = 1, .groups = 8}>("c2", h));
  auto small = max_pool2d<pool{.kernel = 2}>(h);
  auto pooled = global_avg_pool2d(h);
  auto flat = concat<1>(flatten(pooled), flatten(small));
  auto dense = gelu(linear<16>("fc1", flat));

  auto text = embedding<10, 16>("words", words);
  text = layer_norm("norm", text);
  auto scores = softmax(matmul(text, transpose<0, 2, 1>(text)));
  auto mixed = mean<1>(matmul(scores, text));
  constexpr rotary turned{.positions = 4},
      pairs{.positions = 4, .pairing = rotary_pairing::adjacent};
  auto heads = reshape<1, 4, 2, 8>(rms_norm("rms", text));
  auto seen = scaled_dot_product_attention<attention{.causal = true}>(
      rotary_embedding<turned>(heads, 0), rotary_embedding<pairs>(heads, 0), heads);
  auto rows = reshape<4, 2, 8>(seen);
  mixed = mixed + mean<0>(reshape<4, 16>(cached_attention<4>("cache", rows, rows, rows,
                                                             constant<std::int32_t, 1>(0, text))));

  auto both = tanh(dense + mixed) * sigmoid(dense) - sin(mixed) * exp(-abs(dense));
  auto picked = where(both > 0.25f, both, log(abs(both) + 1.0f));
  return linear<5>("fc2", picked);
};

using SymbolsNet = etch::dispatched<symbols_net>;

// A stream of blocks, in parts of three sizes.
inline constexpr auto symbols_stream = []<int T>(etch::tensor<float, T, 4> x) {
  using namespace etch;
  auto const h = tanh(causal_conv1d<8, signal_conv{.kernel = 3, .dilation = 2}>("conv", x));
  return linear<2>("out", h);
};

using SymbolsStream = etch::dispatched_streaming<symbols_stream, 64>;

// Images in bands of rows.
inline constexpr auto symbols_images = [](etch::tensor<float, 2, 3, 12, 8> image) {
  using namespace etch;
  constexpr conv near{.kernel = 3, .padding = 1};
  auto const wide = relu(conv2d<20, conv{.kernel = 1}>("a", conv2d<4, near>("b", image)));
  auto const h = max_pool2d<pool{.kernel = 2}>(depthwise_conv2d<near>("c", wide));
  return conv2d<3, conv{.kernel = 1}>("d", tanh(h) + h);
};

using SymbolsImages =
    etch::dispatched<symbols_images,
                     etch::options{.depth_first = {.bands = {.least_bytes = 0, .rows = 2}}}>;
