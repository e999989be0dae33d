#pragma once

#include "etch/kernels/product.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

struct matmul_shape {
  long m, n, k;
  long lda, ldb;  // elements from one row to the next
  int k_split;    // chains of the sum over k, see gemm_k_split
  bool bias;
};

namespace detail {

template <class T>
constexpr product_shape product_of(matmul_shape s) {
  constexpr long lanes = simd::lanes_v<T>;
  return {s.m, s.n, s.k, s.lda, s.k_split, s.bias, {s.ldb, lanes}, s.n % lanes == 0};
}

}  // namespace detail

/// Elements of scratch that the second form of matmul takes.
template <class T, matmul_shape S, class Arch = simd::default_arch>
constexpr long matmul_scratch() {
  return product_tile_of<T, Arch>(detail::product_of<T>(S)).panels * S.k * simd::lanes_v<T>;
}

/// Whether the scratch form is worth its copy: several tiles of rows read columns of b that lie far
/// apart.
template <class T, matmul_shape S, class Arch = simd::default_arch>
constexpr bool matmul_wants_scratch() {
  constexpr register_tile tile = product_tile_of<T, Arch>(detail::product_of<T>(S));
  return S.m > 2 * tile.rows && S.ldb * static_cast<long>(sizeof(T)) > 64 * tile.panels;
}

/// c = a b (+ bias), two run-time matrices: gemm with b[k][n] as it lies in memory.
/// layout    a[m][k] with row stride lda; b[k][n] with row stride ldb, nothing is read beyond its
///           n columns; bias[panels * lanes], not read when S.bias is false; c through the sink
/// numerics  bit for bit that of gemm with the same n, k and k_split
/// source    as gemm
template <class T, matmul_shape S, class Arch = simd::default_arch, class Sink, class Share = whole>
void matmul(T const* a, T const* b, T const* bias, Sink sink, Share share = {}) noexcept {
  static_assert(S.m > 0 && S.n > 0 && S.k > 0, "etch: matmul: an extent is not positive");
  static_assert(S.k_split > 0, "etch: matmul: k_split is not positive");
  if constexpr (is_leading<Share>)
    leading_product<T, detail::product_of<T>(S), Arch>(a, b, bias, share.count(S.m), sink,
                                                       share.part());
  else
    product<T, detail::product_of<T>(S), Arch>(a, b, bias, sink, nullptr, share);
}

/// The same, the columns of b copied to `scratch` (matmul_scratch elements) a few panels at a time.
/// It pays for many rows when ldb is large: see matmul_wants_scratch.
template <class T, matmul_shape S, class Arch = simd::default_arch, class Sink>
void matmul(T const* a, T const* b, T const* bias, T* scratch, Sink sink) noexcept {
  static_assert(S.m > 0 && S.n > 0 && S.k > 0, "etch: matmul: an extent is not positive");
  static_assert(S.k_split > 0, "etch: matmul: k_split is not positive");
  product<T, detail::product_of<T>(S), Arch, true>(a, b, bias, sink, scratch);
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
