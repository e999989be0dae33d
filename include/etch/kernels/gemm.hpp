#pragma once

#include "etch/kernels/product.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

struct gemm_shape {
  long m, n, k;
  long lda;     // elements from one row of a to the next
  int k_split;  // chains of the sum over k, see gemm_k_split
  bool bias;
};

/// The chains that strict numerics use for n outputs of k terms.
template <class T>
constexpr int gemm_k_split(long n, long k) noexcept {
  return product_split<T>(n, k);
}

/// c = a B (+ bias), rows times packed weights: c[i][j] = bias[j] + sum over k of a[i][k] b[k][j].
/// layout    a[m][k] with row stride lda; b packed as [panels][k][lanes] (pack_panels), the last
///           panel padded with zeros; bias[panels * lanes], not read when S.bias is false; c leaves
///           through sink(row, col, pack) and sink(row, col, pack, n) for the n lanes of a tail
/// numerics  chain c of k_split adds the terms k = c, c + k_split, ... in order with fma, chain 0
///           starts from the bias, the others from 0; the chains are summed as ((0+1)+(2+3))...;
///           the same bits for every m, tile and register width; |error| <= k eps sum |a b|
/// source    Goto and van de Geijn 2008 for the panels; one level of cache blocking, over rows
template <class T, gemm_shape S, class Arch = simd::default_arch, class Sink, class Share = whole>
void gemm(T const* a, T const* packed_b, T const* bias, Sink sink, Share share = {}) noexcept {
  static_assert(S.m > 0 && S.n > 0 && S.k > 0, "etch: gemm: an extent is not positive");
  static_assert(S.k_split > 0, "etch: gemm: k_split is not positive");
  constexpr long lanes = simd::lanes_v<T>;
  constexpr product_shape shape{S.m, S.n, S.k, S.lda, S.k_split, S.bias, {lanes, S.k * lanes},
                                true};
  if constexpr (is_leading<Share>)
    leading_product<T, shape, Arch>(a, packed_b, bias, share.count(S.m), sink, share.part());
  else
    product<T, shape, Arch>(a, packed_b, bias, sink, nullptr, share);
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
