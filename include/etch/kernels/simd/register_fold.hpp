#pragma once

#include "etch/kernels/simd/register_ops.hpp"

namespace etch::simd {
inline namespace ETCH_ISA {
namespace detail {

/// The tree over one array: lane i with lane i + n/2, then n/4, ... 1.
template <class Op, int N, class T>
ETCH_INLINE T fold_array(T* x) noexcept {
  if constexpr (N > 1) {
    for (int i = 0; i < N / 2; ++i) x[i] = Op::on(x[i], x[i + N / 2]);
    return fold_array<Op, N / 2>(x);
  } else {
    return x[0];
  }
}

/// The same tree over the lanes of one register.
template <class Op, class T, class A>
ETCH_INLINE T fold_lanes(batch<T, A> x) noexcept {
  constexpr int width = int(batch<T, A>::size);
  using R [[maybe_unused]] = batch<T, A>;
#if defined(__AVX512F__)
  if constexpr (is_avx512<A>) {
    return fold_lanes<Op>(Op::on(native<R>::lower(x), native<R>::upper(x)));
  } else
#endif
#if defined(__AVX2__)
      if constexpr (is_avx2<A>) {
    using half = batch<T, arch_t<isa::sse4_2>>;
    if constexpr (std::is_same_v<T, float>)
      return fold_lanes<Op>(
          Op::on(half(_mm256_castps256_ps128(x)), half(_mm256_extractf128_ps(x, 1))));
    else
      return fold_lanes<Op>(
          Op::on(half(_mm256_castpd256_pd128(x)), half(_mm256_extractf128_pd(x, 1))));
  } else
#endif
#if defined(__SSE2__)
      if constexpr (std::is_same_v<T, float> && width == 4) {
    R const two = Op::on(x, R(_mm_movehl_ps(x, x)));
    R const one = Op::on(two, R(_mm_shuffle_ps(two, two, 1)));
    return _mm_cvtss_f32(one);
  } else if constexpr (std::is_same_v<T, double> && width == 2) {
    return _mm_cvtsd_f64(Op::on(x, R(_mm_unpackhi_pd(x, x))));
  } else
#endif
  {
    alignas(batch<T, A>) T lanes[width];
    x.store_aligned(lanes);
    return fold_array<Op, width>(lanes);
  }
}

/// The tree over all lanes of a pack.
template <class Op, class P>
ETCH_INLINE typename P::value_type fold(P const& x) noexcept {
  if constexpr (P::regs == 1) {
    return fold_lanes<Op>(x.r[0]);
  } else if constexpr (P::regs == 2) {
    return fold_lanes<Op>(Op::on(x.r[0], x.r[1]));
  } else if constexpr (P::width > 1) {
    static_assert(P::regs == 4);
    return fold_lanes<Op>(Op::on(Op::on(x.r[0], x.r[2]), Op::on(x.r[1], x.r[3])));
  } else {
    P copy = x;
    return fold_array<Op, P::lanes>(copy.r);
  }
}

}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd
