#pragma once

#include <etch/etch.hpp>

#include "attention.hpp"

namespace bench::models {

/// The size of a transformer's encoder.
struct encoder_size {
  int layers = 2;
  int width = 128;
  int heads = 2;
  int hidden = 512;
  int positions = 128;
};

/// The encoder of BERT behind its embeddings: normalised after each residual, exact gelu, weights
/// of queries, keys and values apart.
template <encoder_size Size>
struct encoder {
  using states = etch::tensor<float, 1, Size.positions, Size.width>;

  constexpr auto operator()(states x) const {
    for (int i = 0; i < Size.layers; ++i) x = layer(etch::scope("layers") / i, x);
    return x;
  }

 private:
  static constexpr float epsilon = 1e-12f;

  static constexpr states layer(etch::scope const& of, states const& x) {
    using namespace etch;
    auto const attended = linear<Size.width>(of / "o", self_attention(of, x));
    auto const seen = layer_norm(of / "ln1", x + attended, epsilon);
    auto const hidden = gelu(linear<Size.hidden>(of / "up", seen));
    return layer_norm(of / "ln2", seen + linear<Size.width>(of / "down", hidden), epsilon);
  }

  static constexpr states self_attention(etch::scope const& of, states const& x) {
    using namespace etch;
    auto const y =
        attend(heads(linear<Size.width>(of / "q", x)), heads(linear<Size.width>(of / "k", x)),
               heads(linear<Size.width>(of / "v", x)));
    return reshape<1, Size.positions, Size.width>(transpose<0, 2, 1, 3>(y));
  }

  /// [1, positions, width] as [1, heads, positions, width of a head].
  static constexpr auto heads(states const& x) {
    using namespace etch;
    return transpose<0, 2, 1, 3>(
        reshape<1, Size.positions, Size.heads, Size.width / Size.heads>(x));
  }
};

}  // namespace bench::models
