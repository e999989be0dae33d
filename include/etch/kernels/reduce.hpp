#pragma once

#include "etch/kernels/fold.hpp"
#include "etch/kernels/share.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

enum class reduce_op : unsigned char { sum, mean, max, min, prod };

struct reduce_shape {
  long outer, reduced, inner;
  reduce_op op;
};

namespace detail {

constexpr fold_op fold_of(reduce_op op) {
  return op == reduce_op::max    ? fold_op::max
         : op == reduce_op::min  ? fold_op::min
         : op == reduce_op::prod ? fold_op::prod
                                 : fold_op::sum;
}

template <class T, reduce_shape S, class Arch>
struct reduce_kernel {
  using pack = simd::pack<T, Arch>;
  static constexpr fold_op op = fold_of(S.op);
  static constexpr long lanes = simd::lanes_v<T>;
  static constexpr int tail = static_cast<int>(S.inner % lanes);

  static ETCH_INLINE pack finish(pack x, long reduced = S.reduced) noexcept {
    if constexpr (S.op == reduce_op::mean) return x / pack(static_cast<T>(reduced));
    return x;
  }

  /// The whole of `reduced` for the columns of one pack; `Valid` of its lanes exist.
  template <int Valid>
  static ETCH_INLINE pack column(T const* x) noexcept {
    auto const load = [&](long i) ETCH_INLINE_LAMBDA {
      return Valid < lanes ? pack::load_partial(x + i * S.inner, Valid)
                           : pack::load(x + i * S.inner);
    };
    return finish(fold_packs<op, T, Arch, S.reduced, false>(
        load, [&]() ETCH_INLINE_LAMBDA { return load(0); }));
  }

  /// The first `reduced` rows for the columns of one pack.
  template <int Valid>
  static ETCH_INLINE pack some_of_column(T const* x, long reduced) noexcept {
    auto const load = [&](long i) ETCH_INLINE_LAMBDA {
      return Valid < lanes ? pack::load_partial(x + i * S.inner, Valid)
                           : pack::load(x + i * S.inner);
    };
    return finish(fold_some_packs<op, T, Arch>(reduced, false, load,
                                               [&]() ETCH_INLINE_LAMBDA { return load(0); }),
                  reduced);
  }
};

}  // namespace detail

/// y[o][i] = the sum, mean, maximum, minimum or product of x[o][0 .. reduced)[i].
/// layout    x[outer][reduced][inner]; y through sink(o, i, pack), and sink(o, i, pack, n) for the
///           n lanes of a tail; inner == 1 gives sink(o, 0, pack, 1)
/// numerics  inner == 1: element i goes to lane i % lanes of pack i / lanes, else the packs lie
///           along inner; pack j goes to chain j % fold_chains, chains and lanes are combined by
///           fixed trees; mean is the sum divided once; max and min are NaN if an element is;
///           |error| of sum and mean <= (reduced / (lanes chains) + 7) eps sum |x|
/// source    ONNX ReduceSum, ReduceMean, ReduceMax, ReduceMin, ReduceProd
template <class T, reduce_shape S, class Arch = simd::default_arch, class Sink, class Share = whole>
void reduce(T const* x, Sink sink, Share share = {}) noexcept {
  static_assert(S.outer > 0 && S.reduced > 0 && S.inner > 0,
                "etch: reduce: an extent is not positive");
  using kernel = detail::reduce_kernel<T, S, Arch>;
  using pack = typename kernel::pack;
  constexpr long lanes = kernel::lanes;
  constexpr long packs = (S.inner + lanes - 1) / lanes;  // of a row
  interval const mine = share.of(S.outer * packs);
  for (long o = mine.begin / packs; o * packs < mine.end; ++o) {
    T const* const row = x + o * S.reduced * S.inner;
    if constexpr (S.inner == 1) {
      T const y = fold_line<kernel::op, S.reduced, T, Arch>(
          row, [](pack v) ETCH_INLINE_LAMBDA { return v; });
      sink(o, 0L, kernel::finish(pack(y)), 1);
    } else {
      long const begin = mine.begin > o * packs ? mine.begin - o * packs : 0;
      long const end = mine.end - o * packs < packs ? mine.end - o * packs : packs;
      constexpr long whole = S.inner / lanes;
      for (long i = begin; i < (end < whole ? end : whole); ++i)
        sink(o, i * lanes, kernel::template column<lanes>(row + i * lanes));
      if constexpr (kernel::tail != 0)
        if (end == packs)
          sink(o, whole * lanes, kernel::template column<kernel::tail>(row + whole * lanes),
               kernel::tail);
    }
  }
}

/// The same for the first `rows` of `reduced`: as reduce with a shape of so many.
template <class T, reduce_shape S, class Arch = simd::default_arch, class Sink>
void reduce_leading(T const* x, leading rows, Sink sink) noexcept {
  using kernel = detail::reduce_kernel<T, S, Arch>;
  using pack = typename kernel::pack;
  constexpr long lanes = kernel::lanes;
  long const reduced = rows.of(S.reduced).end;
  for (long o = 0; o < S.outer; ++o, x += reduced * S.inner) {
    if constexpr (S.inner == 1) {
      T const y =
          fold_some<kernel::op, T, Arch>(x, reduced, [](pack v) ETCH_INLINE_LAMBDA { return v; });
      sink(o, 0L, kernel::finish(pack(y), reduced), 1);
    } else {
      long i = 0;
      for (; i + lanes <= S.inner; i += lanes)
        sink(o, i, kernel::template some_of_column<lanes>(x + i, reduced));
      if constexpr (kernel::tail != 0)
        sink(o, i, kernel::template some_of_column<kernel::tail>(x + i, reduced), kernel::tail);
    }
  }
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
