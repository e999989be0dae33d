// A whole net of tokens, as many as a call has.

#include "bounded_net.hpp"

namespace {

using namespace etch;

inline constexpr extent T = dim("T", 70);

/// A sentence of tokens: positions, two layers of attention, the mean over the tokens.
template <auto Rows>
struct classifier_net {
  constexpr auto operator()(tensor<std::int32_t, Rows> tokens) const {
    auto const words = embedding<50, 24>("words", tokens);
    auto x = words + rows_like(parameter<float, 80, 24>("positions"), tokens);
    for (int layer = 0; layer < 2; ++layer) {
      auto const at = scope("layer") / layer;
      auto const h = layer_norm(at / "norm", x);
      auto const qkv = linear<40>(at / "qkv", h);
      auto const q = reshape<Rows, 3, 8>(slice<1, 0, 24>(qkv));
      auto const k = reshape<-1, 1, 8>(slice<1, 24, 32>(qkv));
      auto const v = reshape<-1, 1, 8>(slice<1, 32, 40>(qkv));
      auto const mixed = scaled_dot_product_attention(q, k, v);
      x = x + linear<24>(at / "out", reshape<-1, 24>(mixed));
      x = x + linear<24>(at / "down", gelu(linear<48>(at / "up", x)));
    }
    return linear<4>("head", mean<0>(x));
  }
};

}  // namespace

TEST_CASE("a classifier of tokens has the bits of one of so many", "[nets][bounded][attention]") {
  etch_test::same_bits_as_fixed<classifier_net, T, std::int32_t>(
      1, std::integer_sequence<int, 1, 8, 70>{});
}
