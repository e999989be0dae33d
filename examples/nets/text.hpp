#pragma once

#include <cstdint>

#include <etch/etch.hpp>

namespace nets {

/// The transformer of examples/text: Llama's blocks, with the keys and values of a window of
/// letters as states.
namespace text {

inline constexpr int letters = 94;  // in its vocabulary
inline constexpr int window = 256;  // positions
inline constexpr int layers = 4, heads = 3, key_heads = 1, head_width = 32, width = 96,
                     hidden = 192;

/// The next Rows letters of a text; the logits behind each of them.
template <int Rows>
struct net {
  constexpr auto operator()(etch::tensor<std::int32_t, Rows> next) const {
    using namespace etch;
    constexpr linear_options no_bias{.bias = false};
    constexpr rotary turned{.positions = window};
    state<std::int32_t, 1> position("position", next);
    auto x = embedding<letters, width>("model.embed_tokens", next);
    for (int i = 0; i < layers; ++i) {
      path const layer = scope("model.layers") / i;
      path const attention = layer / "self_attn";
      auto const h = rms_norm(layer / "input_layernorm", x);
      auto const q = reshape<Rows, heads, head_width>(
          linear<heads * head_width, no_bias>(attention / "q_proj", h));
      auto const k = reshape<Rows, key_heads, head_width>(
          linear<key_heads * head_width, no_bias>(attention / "k_proj", h));
      auto const v = reshape<Rows, key_heads, head_width>(
          linear<key_heads * head_width, no_bias>(attention / "v_proj", h));
      auto const mixed =
          cached_attention<window>(attention, rotary_embedding<turned>(q, position),
                                   rotary_embedding<turned>(k, position), v, position);
      x = x +
          linear<width, no_bias>(attention / "o_proj", reshape<Rows, heads * head_width>(mixed));
      x = x + swiglu<hidden>(layer / "mlp", rms_norm(layer / "post_attention_layernorm", x));
    }
    position = position + Rows;
    return linear<letters, no_bias>("lm_head", rms_norm("model.norm", x));
  }
};

}  // namespace text

template <int Rows>
inline constexpr text::net<Rows> text_net{};

}  // namespace nets
