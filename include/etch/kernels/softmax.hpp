#pragma once

#include "etch/kernels/fold.hpp"
#include "etch/kernels/look_ahead.hpp"
#include "etch/kernels/share.hpp"
#include "etch/kernels/simd/math_exp.hpp"
#include "etch/kernels/simd/math_log.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

struct softmax_shape {
  long rows, n;
  bool log;
  bool share_kept = false;  // the exponentials of all rows take turns in one row
};

namespace detail {

template <class T, softmax_shape S, class Arch>
struct softmax_kernel {
  using pack = simd::pack<T, Arch>;
  static constexpr long lanes = simd::lanes_v<T>;
  static constexpr long whole = S.n / lanes;
  static constexpr int tail = static_cast<int>(S.n % lanes);

  /// Rows that go through the three passes together, so that a core folds the lanes of one row
  /// while it works on the next; they stay in the first cache.
  static constexpr long at_once = [] {
    long const in_cache = 16 * 1024 / (S.n * static_cast<long>(sizeof(T)));
    long const most = S.share_kept || in_cache < 1 ? 1 : in_cache < 4 ? in_cache : 4;
    return S.rows < most ? S.rows : most;
  }();

  /// Asks for what the next rows read and write while these compute.
  static ETCH_INLINE void expect(T const* x, [[maybe_unused]] T* kept, long i) noexcept {
    prefetch_read(x + i);
    if constexpr (!S.log && !S.share_kept) prefetch_write(kept + i);
  }

  /// The sum of exp(x - most), which is NaN if an x is, whose terms stay in `kept` if there is one.
  static ETCH_INLINE T exponentials(T const* x, pack most, [[maybe_unused]] T* kept) noexcept {
    auto const term = [&](long i) ETCH_INLINE_LAMBDA {
      if constexpr (S.rows > at_once) expect(x, kept, at_once * S.n + i * lanes);
      pack const e = exp_to_1(pack::load(x + i * lanes) - most);
      if constexpr (!S.log) e.store(kept + i * lanes);
      return e;
    };
    auto const rest = [&]() ETCH_INLINE_LAMBDA {
      pack const e = exp_to_1(pack::load_partial(x + whole * lanes, tail) - most);
      if constexpr (!S.log) e.store_partial(kept + whole * lanes, tail);
      return select(simd::first_lanes<T, Arch>(tail), e, pack(T(0)));
    };
    return reduce_add(fold_packs<fold_op::sum, T, Arch, whole, tail != 0>(term, rest));
  }

  template <class Sink>
  static ETCH_INLINE void result(T const* x, T const* kept, pack most, pack scale, long r,
                                 Sink& sink) noexcept {
    if constexpr (S.log) {
      for (long i = 0; i < whole; ++i)
        sink(r, i * lanes, (pack::load(x + i * lanes) - most) - scale);
      if constexpr (tail != 0)
        sink(r, whole * lanes, (pack::load_partial(x + whole * lanes, tail) - most) - scale, tail);
    } else {
      for (long i = 0; i < whole; ++i) sink(r, i * lanes, pack::load(kept + i * lanes) * scale);
      if constexpr (tail != 0)
        sink(r, whole * lanes, pack::load_partial(kept + whole * lanes, tail) * scale, tail);
    }
  }

  /// `count` <= at_once rows from `first` on.
  template <class Sink>
  static ETCH_INLINE void rows(T const* x, T* kept, long first, long count, Sink& sink) noexcept {
    pack most[at_once], scale[at_once];
    auto const kept_of = [&](long r)
                             ETCH_INLINE_LAMBDA { return S.share_kept ? kept : kept + r * S.n; };
    for (long i = 0; i < count; ++i)
      most[i] = pack(fold_line<fold_op::largest, S.n, T, Arch>(
          x + (first + i) * S.n, [](pack v) ETCH_INLINE_LAMBDA { return v; }));
    for (long i = 0; i < count; ++i) {
      long const r = first + i;
      pack const sum(exponentials(x + r * S.n, most[i], kept_of(r)));
      if constexpr (S.log)
        scale[i] = log(sum);
      else
        scale[i] = pack(T(1)) / sum;
    }
    for (long i = 0; i < count; ++i) {
      long const r = first + i;
      result(x + r * S.n, kept_of(r), most[i], scale[i], r, sink);
    }
  }
};

}  // namespace detail

/// y[r][i] = exp(x[r][i] - m) / s, or with S.log x[r][i] - m - log(s), where m is the maximum of
/// the row and s the sum of its exp(x[r][j] - m).
/// layout    x[rows][n]; kept[rows][n], or kept[n] where rows share it, not read or written when
///           S.log is true; y through the sink, which may write over x and over `kept`: no element
///           is read after its y
/// numerics  m and s are folds over the row, element i in lane i % lanes, fixed trees; y is
///           exp times 1 / s, so |error| <= (ulp of exp + 2 + n / (lanes chains)) eps y;
///           a row with NaN or +inf, or of -inf alone, is NaN
/// source    ONNX Softmax-13, LogSoftmax-13
template <class T, softmax_shape S, class Arch = simd::default_arch, class Sink,
          class Share = whole>
void softmax(T const* x, T* kept, Sink sink, Share share = {}) noexcept {
  static_assert(S.rows > 0 && S.n > 0, "etch: softmax: an extent is not positive");
  using kernel = detail::softmax_kernel<T, S, Arch>;
  interval const mine = share.of(S.rows);
  for (long r = mine.begin; r < mine.end; r += kernel::at_once) {
    long const left = mine.end - r;
    kernel::rows(x, kept, r, left < kernel::at_once ? left : kernel::at_once, sink);
  }
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
