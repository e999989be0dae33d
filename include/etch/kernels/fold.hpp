#pragma once

#include <limits>

#include "etch/kernels/register_tile.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

enum class fold_op : unsigned char { sum, max, min, prod, squares, largest };

/// What a fold does with its terms, with two partial results and with the lanes of one. The fold
/// `squares` is the sum of the squares of its terms, each added with fma; `largest` is max where
/// it does not matter that a NaN may be lost, at a third of the price.
template <fold_op Op, class T>
struct folder {
  static constexpr T identity = Op == fold_op::prod ? T(1)
                                : Op == fold_op::max || Op == fold_op::largest
                                    ? -std::numeric_limits<T>::infinity()
                                : Op == fold_op::min ? std::numeric_limits<T>::infinity()
                                                     : T(0);

  template <class Arch>
  static ETCH_INLINE simd::pack<T, Arch> both(simd::pack<T, Arch> a,
                                              simd::pack<T, Arch> b) noexcept {
    if constexpr (Op == fold_op::prod) return a * b;
    if constexpr (Op == fold_op::max) return max(a, b);
    if constexpr (Op == fold_op::largest) return max_or_second(a, b);
    if constexpr (Op == fold_op::min) return min(a, b);
    if constexpr (Op == fold_op::sum || Op == fold_op::squares) return a + b;
  }

  template <class Arch>
  static ETCH_INLINE simd::pack<T, Arch> first(simd::pack<T, Arch> x) noexcept {
    if constexpr (Op == fold_op::squares) return x * x;
    if constexpr (Op != fold_op::squares) return x;
  }

  template <class Arch>
  static ETCH_INLINE simd::pack<T, Arch> add(simd::pack<T, Arch> sum,
                                             simd::pack<T, Arch> x) noexcept {
    if constexpr (Op == fold_op::squares) return fma(x, x, sum);
    if constexpr (Op != fold_op::squares) return both(sum, x);
  }

  template <class Arch>
  static ETCH_INLINE T lanes(simd::pack<T, Arch> a) noexcept {
    if constexpr (Op == fold_op::prod) return reduce_mul(a);
    if constexpr (Op == fold_op::max || Op == fold_op::largest) return reduce_max(a);
    if constexpr (Op == fold_op::min) return reduce_min(a);
    if constexpr (Op == fold_op::sum || Op == fold_op::squares) return reduce_add(a);
  }
};

/// Packs in flight for n terms of one sum; it depends on n only, so that the order does too.
constexpr int fold_chains(long n) noexcept { return n >= 32 ? 8 : n >= 16 ? 4 : n >= 8 ? 2 : 1; }

/// partial[0] = the fixed tree over all: (0 op 1) op (2 op 3) ...
template <fold_op Op, class T, class Arch, int C>
ETCH_INLINE simd::pack<T, Arch> fold_tree(simd::pack<T, Arch> (&partial)[C]) noexcept {
  ETCH_UNROLL for (int width = 1; width < C; width *= 2) {
    ETCH_UNROLL for (int c = 0; c + width < C; c += 2 * width) {
      partial[c] = folder<Op, T>::both(partial[c], partial[c + width]);
    }
  }
  return partial[0];
}

/// The fold of `full` packs load(0) ... load(full - 1) and, with a tail, of one more pack rest():
/// pack i goes to chain i % Chains, then the tree. At least one pack for each chain.
template <fold_op Op, int Chains, class T, class Arch, class Load, class Rest>
ETCH_INLINE simd::pack<T, Arch> fold_in_chains(long full, bool tail, Load const& load,
                                               Rest const& rest) noexcept {
  long const looped = full / Chains * Chains;
  simd::pack<T, Arch> partial[Chains];
  ETCH_UNROLL for (int c = 0; c < Chains; ++c) {
    partial[c] = folder<Op, T>::first(c < full ? load(c) : rest());
  }
  for (long i = Chains; i < looped; i += Chains) {
    ETCH_UNROLL for (int c = 0; c < Chains; ++c) {
      partial[c] = folder<Op, T>::add(partial[c], load(i + c));
    }
  }
  long const left = looped < Chains ? Chains : looped;
  ETCH_UNROLL for (int c = 0; c < Chains; ++c) {
    if (left + c < full)
      partial[c] = folder<Op, T>::add(partial[c], load(left + c));
    else if (tail && left + c == full)
      partial[c] = folder<Op, T>::add(partial[c], rest());
  }
  return fold_tree<Op>(partial);
}

/// The fold of Full packs and, with Tail, of one more.
template <fold_op Op, class T, class Arch, long Full, bool Tail, class Load, class Rest>
ETCH_INLINE simd::pack<T, Arch> fold_packs(Load const& load, Rest const& rest) noexcept {
  return fold_in_chains<Op, fold_chains(Full + Tail), T, Arch>(Full, Tail, load, rest);
}

/// The same for a number of packs that is known in the call.
template <fold_op Op, class T, class Arch, int Chains = 1, class Load, class Rest>
ETCH_INLINE simd::pack<T, Arch> fold_some_packs(long full, bool tail, Load const& load,
                                                Rest const& rest) noexcept {
  if constexpr (Chains < fold_chains(std::numeric_limits<long>::max())) {
    if (Chains < fold_chains(full + tail))
      return fold_some_packs<Op, T, Arch, 2 * Chains>(full, tail, load, rest);
  }
  return fold_in_chains<Op, Chains, T, Arch>(full, tail, load, rest);
}

/// The fold of term(x[i]) over a line of n elements, element i in lane i % lanes. `term` maps a
/// pack; of the last one only n % lanes lanes count. `packs` folds them.
template <fold_op Op, class T, class Arch, class Term, class Packs>
ETCH_INLINE T fold_elements(T const* x, long n, Term const& term, Packs const& packs) noexcept {
  using pack = simd::pack<T, Arch>;
  constexpr long lanes = simd::lanes_v<T>;
  long const full = n / lanes;
  int const tail = static_cast<int>(n % lanes);
  auto const whole = [&](long i) ETCH_INLINE_LAMBDA { return term(pack::load(x + i * lanes)); };
  auto const rest = [&]() ETCH_INLINE_LAMBDA {
    pack const y = term(pack::load_partial(x + full * lanes, tail));
    return select(simd::first_lanes<T, Arch>(tail), y, pack(folder<Op, T>::identity));
  };
  return folder<Op, T>::lanes(packs(full, tail != 0, whole, rest));
}

template <fold_op Op, long N, class T, class Arch, class Term>
ETCH_INLINE T fold_line(T const* x, Term const& term) noexcept {
  constexpr long lanes = simd::lanes_v<T>;
  return fold_elements<Op, T, Arch>(
      x, N, term, [](long, bool, auto const& load, auto const& rest) ETCH_INLINE_LAMBDA {
        return fold_packs<Op, T, Arch, N / lanes, N % lanes != 0>(load, rest);
      });
}

/// The same for a number of elements that is known in the call.
template <fold_op Op, class T, class Arch, class Term>
ETCH_INLINE T fold_some(T const* x, long n, Term const& term) noexcept {
  return fold_elements<Op, T, Arch>(
      x, n, term, [](long full, bool tail, auto const& load, auto const& rest) ETCH_INLINE_LAMBDA {
        return fold_some_packs<Op, T, Arch>(full, tail, load, rest);
      });
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
