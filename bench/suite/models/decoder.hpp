#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <etch/etch.hpp>

namespace bench::models {

/// A block of `Rows` tokens at a position that stays, behind that many rows of a cache.
template <int Rows, int Position>
struct place_in_text {
  template <class Tokens>
  static constexpr auto position(Tokens const& tokens) {
    etch::state<std::int32_t, 1> at("position", tokens, Position);
    etch::tensor<std::int32_t, 1> const now = at;
    at = now;
    return now;
  }

  /// The positions of all rows.
  template <class At>
  static constexpr auto positions(At const& at) {
    std::array<std::int32_t, Rows> numbers{};
    for (int i = 0; i < Rows; ++i) numbers[static_cast<std::size_t>(i)] = i;
    return at + etch::constant<std::int32_t, Rows>(numbers, at);
  }
};

/// GPT-2 small: 12 blocks of 12 heads of 64, the logits behind the last row.
template <int Rows, int Position, int Capacity>
struct gpt2 {
  static constexpr int blocks = 12, heads = 12, head_width = 64, width = 768, vocabulary = 50257;

  constexpr auto operator()(etch::tensor<std::int32_t, Rows> tokens) const {
    using namespace etch;
    using place = place_in_text<Rows, Position>;
    auto const position = place::position(tokens);
    auto x = embedding<vocabulary, width>("wte", tokens) +
             embedding<1024, width>("wpe", place::positions(position));
    for (int i = 0; i < blocks; ++i) {
      path const block = scope("h") / i;
      auto const qkv = reshape<Rows, 3 * heads, head_width>(
          linear<3 * width>(block / "attn.c_attn", layer_norm(block / "ln_1", x)));
      auto const y = cached_attention<Capacity>(block / "attn", slice<1, 0, heads>(qkv),
                                                slice<1, heads, 2 * heads>(qkv),
                                                slice<1, 2 * heads>(qkv), position);
      x = x + linear<width>(block / "attn.c_proj", reshape<Rows, width>(y));
      auto const h =
          gelu(linear<4 * width>(block / "mlp.c_fc", layer_norm(block / "ln_2", x)), true);
      x = x + linear<width>(block / "mlp.c_proj", h);
    }
    auto const last = slice<0, Rows - 1>(layer_norm("ln_f", x));
    return linear(last, parameter<float, vocabulary, width>("wte.weight"));
  }
};

/// A Llama of the size of stories260K: rms_norm, rotary embedding of adjacent pairs, 8 heads that
/// share 4 of keys, SwiGLU.
template <int Rows, int Position, int Capacity>
struct small_llama {
  static constexpr int blocks = 5, heads = 8, kv_heads = 4, width = 64, hidden = 172,
                       vocabulary = 512, head_width = width / heads;
  static constexpr etch::rotary turned{.positions = Capacity,
                                       .pairing = etch::rotary_pairing::adjacent};

  constexpr auto operator()(etch::tensor<std::int32_t, Rows> tokens) const {
    using namespace etch;
    auto const position = place_in_text<Rows, Position>::position(tokens);
    constexpr linear_options no_bias{.bias = false};
    auto x = embedding<vocabulary, width>("embed_tokens", tokens);
    for (int i = 0; i < blocks; ++i) {
      path const block = scope("layers") / i;
      auto const h = rms_norm(block / "input_layernorm", x);
      auto const weight = concat<0>(  // joined when they are loaded
          parameter<float, width, width>(block / "self_attn.q_proj.weight", x),
          parameter<float, width / 2, width>(block / "self_attn.k_proj.weight", x),
          parameter<float, width / 2, width>(block / "self_attn.v_proj.weight", x));
      auto const qkv = reshape<Rows, heads + 2 * kv_heads, head_width>(linear(h, weight));
      auto const qk = rotary_embedding<turned>(slice<1, 0, heads + kv_heads>(qkv), position);
      auto const y = cached_attention<Capacity>(block / "self_attn", slice<1, 0, heads>(qk),
                                                slice<1, heads>(qk),
                                                slice<1, heads + kv_heads>(qkv), position);
      x = x + linear<width, no_bias>(block / "self_attn.o_proj", reshape<Rows, width>(y));
      x = x + swiglu<hidden>(block / "mlp", rms_norm(block / "post_attention_layernorm", x));
    }
    auto const last = slice<0, Rows - 1>(rms_norm("norm", x));
    return linear(last, parameter<float, vocabulary, width>("embed_tokens.weight"));
  }
};

}  // namespace bench::models
