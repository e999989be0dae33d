#pragma once

#include "etch/kernels/fold.hpp"
#include "etch/kernels/share.hpp"
#include "etch/kernels/simd/math_exp.hpp"
#include "etch/kernels/simd/math_log.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

struct softmax_shape {
  long rows, n;
  bool log;
};

namespace detail {

template <class T, softmax_shape S, class Arch>
struct softmax_kernel {
  using pack = simd::pack<T, Arch>;
  static constexpr long lanes = simd::lanes_v<T>;
  static constexpr long whole = S.n / lanes;
  static constexpr int tail = static_cast<int>(S.n % lanes);

  /// The sum of exp(x - most), whose terms stay in `kept` if there is one.
  static ETCH_INLINE T exponentials(T const* x, pack most, [[maybe_unused]] T* kept) noexcept {
    auto const term = [&](long i) ETCH_INLINE_LAMBDA {
      pack const e = exp(pack::load(x + i * lanes) - most);
      if constexpr (!S.log) e.store(kept + i * lanes);
      return e;
    };
    auto const rest = [&]() ETCH_INLINE_LAMBDA {
      pack const e = exp(pack::load_partial(x + whole * lanes, tail) - most);
      if constexpr (!S.log) e.store_partial(kept + whole * lanes, tail);
      return select(simd::first_lanes<T, Arch>(tail), e, pack(T(0)));
    };
    return reduce_add(fold_packs<fold_op::sum, T, Arch, whole, tail != 0>(term, rest));
  }

  template <class Sink>
  static ETCH_INLINE void row(T const* x, T* kept, long r, Sink& sink) noexcept {
    pack const most(
        fold_line<fold_op::max, S.n, T, Arch>(x, [](pack v) ETCH_INLINE_LAMBDA { return v; }));
    pack const sum(exponentials(x, most, kept));
    if constexpr (S.log) {
      pack const scale = log(sum);
      for (long i = 0; i < whole; ++i)
        sink(r, i * lanes, (pack::load(x + i * lanes) - most) - scale);
      if constexpr (tail != 0)
        sink(r, whole * lanes, (pack::load_partial(x + whole * lanes, tail) - most) - scale, tail);
    } else {
      pack const scale = pack(T(1)) / sum;
      for (long i = 0; i < whole; ++i) sink(r, i * lanes, pack::load(kept + i * lanes) * scale);
      if constexpr (tail != 0)
        sink(r, whole * lanes, pack::load_partial(kept + whole * lanes, tail) * scale, tail);
    }
  }
};

}  // namespace detail

/// y[r][i] = exp(x[r][i] - m) / s, or with S.log x[r][i] - m - log(s), where m is the maximum of
/// the row and s the sum of its exp(x[r][j] - m).
/// layout    x[rows][n]; kept[n] for each row, kept_stride elements apart (0: all share one), not
///           read or written when S.log is true; y through the sink, which may write over x and
///           over `kept`: no element is read after its y
/// numerics  m and s are folds over the row, element i in lane i % lanes, fixed trees; y is
///           exp times 1 / s, so |error| <= (ulp of exp + 2 + n / (lanes chains)) eps y;
///           a row with NaN or +inf, or of -inf alone, is NaN
/// source    ONNX Softmax-13, LogSoftmax-13
template <class T, softmax_shape S, class Arch = simd::default_arch, class Sink,
          class Share = whole>
void softmax(T const* x, T* kept, long kept_stride, Sink sink, Share share = {}) noexcept {
  static_assert(S.rows > 0 && S.n > 0, "etch: softmax: an extent is not positive");
  interval const mine = share.of(S.rows);
  for (long r = mine.begin; r < mine.end; ++r)
    detail::softmax_kernel<T, S, Arch>::row(x + r * S.n, kept + r * kept_stride, r, sink);
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
