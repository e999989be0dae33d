#pragma once

#include <limits>

#include "etch/kernels/share.hpp"
#include "etch/kernels/simd/pack.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

struct rotary_shape {
  long batch, rows, heads, width;
  long dims;       // of a head, its first ones, are turned
  bool adjacent;   // pairs 2i, 2i + 1 and not i, i + dims / 2
  long positions;  // rows of the table
};

namespace detail {

template <class T, rotary_shape S, class Arch>
struct rotary_kernel {
  using pack = simd::pack<T, Arch>;
  static constexpr long lanes = simd::lanes_v<T>;

  static ETCH_INLINE pack load(T const* p, int n) noexcept {
    return n == lanes ? pack::load(p) : pack::load_partial(p, n);
  }
  static ETCH_INLINE void store(pack v, T* p, int n) noexcept {
    n == lanes ? v.store(p) : v.store_partial(p, n);
  }

  /// step(i, valid) for each pack of n elements.
  template <long N, class Step>
  static ETCH_INLINE void each(Step const& step) noexcept {
    constexpr int tail = static_cast<int>(N % lanes);
    for (long i = 0; i + lanes <= N; i += lanes) step(i, static_cast<int>(lanes));
    if constexpr (tail != 0) step(N - tail, tail);
  }

  static ETCH_INLINE void head(T const* x, T const* angles, T* y) noexcept {
    if constexpr (S.adjacent) {
      each<S.dims>([&](long i, int n) ETCH_INLINE_LAMBDA {
        pack const v = load(x + i, n);
        store(fma(swap_pairs(v), load(angles + S.dims + i, n), v * load(angles + i, n)), y + i, n);
      });
    } else {
      constexpr long half = S.dims / 2;
      each<half>([&](long i, int n) ETCH_INLINE_LAMBDA {
        pack const u = load(x + i, n), v = load(x + half + i, n);
        pack const cosine = load(angles + i, n), sine = load(angles + half + i, n);
        store(fnma(v, sine, u * cosine), y + i, n);
        store(fma(u, sine, v * cosine), y + half + i, n);
      });
    }
    each<S.width - S.dims>([&](long i, int n) ETCH_INLINE_LAMBDA {
      store(load(x + S.dims + i, n), y + S.dims + i, n);
    });
  }
};

}  // namespace detail

/// Each head of row t turned by the angles in row first + t of a table.
/// layout    x and y [batch][rows][heads][width], apart or the same; the table [positions][dims] as
///           cosines, sines, or for adjacent pairs [positions][2 dims]: each cosine twice, then
///           -sine, sine
/// numerics  a product, then one fma; a row outside of the table is NaN
/// source    Su et al. 2021; ONNX RotaryEmbedding-23
template <class T, rotary_shape S, class Arch = simd::default_arch, class Share = whole>
void rotary(T const* x, T const* table, long first, T* y, Share share = {}) noexcept {
  static_assert(S.dims % 2 == 0 && S.dims <= S.width, "etch: rotary: dims do not fit");
  constexpr long row_elements = S.heads * S.width;
  interval const mine = share.of(S.batch * S.rows);
  for (long row = mine.begin; row < mine.end; ++row) {
    long const t = row % S.rows;
    T const* from = x + row * row_elements;
    T* to = y + row * row_elements;
    if (first < -t || first >= S.positions - t) {
      for (long i = 0; i < row_elements; ++i) to[i] = std::numeric_limits<T>::quiet_NaN();
      continue;
    }
    T const* const angles = table + (first + t) * (S.adjacent ? 2 * S.dims : S.dims);
    for (long head = 0; head < S.heads; ++head, from += S.width, to += S.width)
      detail::rotary_kernel<T, S, Arch>::head(from, angles, to);
  }
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
