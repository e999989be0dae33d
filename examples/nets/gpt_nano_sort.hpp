#pragma once

#include <etch/etch.hpp>

/// minGPT's smallest model, trained to sort six letters of {0, 1, 2}: 3 blocks, 3 heads of 16, at
/// most 11 positions. The sorted letters follow the unsorted ones.
namespace nets {

namespace gpt_nano {

inline constexpr int positions = 11, vocabulary = 3, blocks = 3, heads = 3, head_width = 16,
                     width = heads * head_width;

/// What all forms of the net share. `attend(name, q, k, v)` takes and gives
/// [batch * rows, heads, head_width].
template <int Rows, class X, class Attend>
constexpr auto logits(X x, Attend const& attend) {
  using namespace etch;
  for (int i = 0; i < blocks; ++i) {
    path const block = scope("transformer.h") / i;
    auto const qkv = reshape<Rows, 3 * heads, head_width>(
        linear<3 * width>(block / "attn.c_attn", layer_norm(block / "ln_1", x)));
    auto const y = attend(block / "attn", slice<1, 0, heads>(qkv), slice<1, heads, 2 * heads>(qkv),
                          slice<1, 2 * heads>(qkv));
    x = x + linear<width>(block / "attn.c_proj", reshape<Rows, width>(y));
    auto const h = gelu(linear<4 * width>(block / "mlp.c_fc", layer_norm(block / "ln_2", x)), true);
    x = x + linear<width>(block / "mlp.c_proj", h);
  }
  return linear<vocabulary, linear_options{.bias = false}>("lm_head",
                                                           layer_norm("transformer.ln_f", x));
}

/// 0, 1, 2, ...
template <int Count>
constexpr std::array<std::int32_t, Count> first_numbers() {
  std::array<std::int32_t, Count> numbers{};
  for (int i = 0; i < Count; ++i) numbers[static_cast<std::size_t>(i)] = i;
  return numbers;
}

}  // namespace gpt_nano

/// Whole sequences, each alone: the logits behind every letter.
template <int Batch, int Rows>
struct gpt_nano_sort {
  constexpr auto operator()(etch::tensor<std::int32_t, Batch, Rows> letters) const {
    using namespace etch;
    using namespace gpt_nano;
    auto const positions_of_rows = constant<std::int32_t, Rows>(first_numbers<Rows>(), letters);
    auto const x = embedding<vocabulary, width>("transformer.wte", letters) +
                   embedding<positions, width>("transformer.wpe", positions_of_rows);
    auto const y =
        logits<Batch * Rows>(reshape<Batch * Rows, width>(x),
                             [](path const&, auto const& q, auto const& k, auto const& v) {
                               auto const sequences = [](auto const& of) {
                                 return reshape<Batch, Rows, heads, head_width>(of);
                               };
                               return scaled_dot_product_attention<attention{.causal = true}>(
                                   sequences(q), sequences(k), sequences(v));
                             });
    return reshape<Batch, Rows, vocabulary>(y);
  }
};

/// A block of a sequence behind those of earlier calls, whose keys and values the session keeps.
template <int Rows>
struct gpt_nano_sort_cached {
  constexpr auto operator()(etch::tensor<std::int32_t, Rows> letters) const {
    using namespace etch;
    using namespace gpt_nano;
    state<std::int32_t, 1> position("position", letters);
    auto const positions_of_rows =
        position + constant<std::int32_t, Rows>(first_numbers<Rows>(), letters);
    auto const x = embedding<vocabulary, width>("transformer.wte", letters) +
                   embedding<positions, width>("transformer.wpe", positions_of_rows);
    auto const y =
        logits<Rows>(x, [&](path const& name, auto const& q, auto const& k, auto const& v) {
          return cached_attention<positions>(name, q, k, v, position);
        });
    position = position + Rows;
    return y;
  }
};

}  // namespace nets
