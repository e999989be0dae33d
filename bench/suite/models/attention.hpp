#pragma once

#include <etch/etch.hpp>

namespace bench::models {

/// The square root of a size, by Newton's method: std::sqrt is no constant expression in clang.
constexpr double root(double of) {
  double x = of;
  for (int i = 0; i < 40; ++i) x = (x + of / x) / 2;
  return x;
}

/// softmax(q k^T / sqrt(width)) v for each head: q, k, v are [batch, heads, positions, width].
template <class Q, class K, class V>
constexpr auto attend(Q const& q, K const& k, V const& v) {
  constexpr double scale = root(static_cast<double>(Q::type.shape[3]));
  return etch::matmul(etch::softmax(etch::matmul(q, etch::transpose(k)) / scale), v);
}

/// Attention alone.
template <int Heads, int Positions, int Width>
struct attention {
  using heads = etch::tensor<float, 1, Heads, Positions, Width>;
  constexpr auto operator()(heads q, heads k, heads v) const { return attend(q, k, v); }
};

}  // namespace bench::models
