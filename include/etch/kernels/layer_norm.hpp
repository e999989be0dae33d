#pragma once

#include "etch/kernels/fold.hpp"
#include "etch/kernels/look_ahead.hpp"
#include "etch/kernels/share.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

struct layer_norm_shape {
  long rows, n;
  bool rms;  // no mean is subtracted
  bool gamma, beta;
};

namespace detail {

template <class T, layer_norm_shape S, class Arch>
struct layer_norm_kernel {
  using pack = simd::pack<T, Arch>;
  static constexpr long lanes = simd::lanes_v<T>;
  static constexpr int tail = static_cast<int>(S.n % lanes);
  static constexpr bool far = is_far<T>(S.rows * S.n);

  template <int Valid>
  static ETCH_INLINE pack load(T const* x) noexcept {
    if constexpr (Valid < lanes) return pack::load_partial(x, Valid);
    if constexpr (Valid == lanes) return pack::load(x);
  }

  template <int Valid>
  static ETCH_INLINE pack normal(T const* x, T const* gamma, T const* beta, pack mean,
                                 pack scale) noexcept {
    pack v = load<Valid>(x);
    if constexpr (!S.rms) v = v - mean;
    v = v * scale;
    if constexpr (S.gamma && S.beta) return fma(v, load<Valid>(gamma), load<Valid>(beta));
    if constexpr (S.gamma && !S.beta) return v * load<Valid>(gamma);
    if constexpr (!S.gamma && S.beta) return v + load<Valid>(beta);
    if constexpr (!S.gamma && !S.beta) return v;
  }

  template <class Sink>
  static ETCH_INLINE void row(T const* x, T const* gamma, T const* beta, T eps, long r,
                              Sink& sink) noexcept {
    pack const n(static_cast<T>(S.n));
    pack mean(T(0));
    if constexpr (!S.rms)
      mean = pack(fold_line<fold_op::sum, S.n, T, Arch>(
                 x, [](pack v) ETCH_INLINE_LAMBDA { return v; })) /
             n;
    T const squares = fold_line<fold_op::squares, S.n, T, Arch>(
        x, [=](pack v) ETCH_INLINE_LAMBDA { return S.rms ? v : v - mean; });
    pack const scale = pack(T(1)) / sqrt(pack(squares) / n + pack(eps));
    long i = 0;
    for (; i + lanes <= S.n; i += lanes) {
      if constexpr (far) prefetch_read(x + S.n + i);  // the next row
      sink(r, i, normal<lanes>(x + i, gamma + i, beta + i, mean, scale));
    }
    if constexpr (tail != 0)
      sink(r, i, normal<tail>(x + i, gamma + i, beta + i, mean, scale), tail);
  }
};

}  // namespace detail

/// y[r][i] = (x[r][i] - m) / sqrt(v + eps) * gamma[i] + beta[i], where m is the mean of the row
/// and v the mean of (x - m)^2; with S.rms m is 0.
/// layout    x[rows][n]; gamma[n] and beta[n], not read when S.gamma or S.beta is false; y through
///           the sink, which may write over x: no element is read after its y
/// numerics  two passes: m is the sum divided once, v the sum of the squares (fma) divided once;
///           both fold the row with element i in lane i % lanes and fixed trees; then one
///           reciprocal of a square root per row, one product, and one fma with gamma and beta
/// source    Ba, Kiros, Hinton 2016; Zhang and Sennrich 2019 (rms); ONNX LayerNormalization-17
template <class T, layer_norm_shape S, class Arch = simd::default_arch, class Sink,
          class Share = whole>
void layer_norm(T const* x, T const* gamma, T const* beta, T eps, Sink sink,
                Share share = {}) noexcept {
  static_assert(S.rows > 0 && S.n > 0, "etch: layer_norm: an extent is not positive");
  interval const mine = share.of(S.rows);
  for (long r = mine.begin; r < mine.end; ++r)
    detail::layer_norm_kernel<T, S, Arch>::row(x + r * S.n, gamma, beta, eps, r, sink);
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
