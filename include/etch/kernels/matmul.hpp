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

/// c = a b (+ bias), two run-time matrices: gemm with b[k][n] as it lies in memory.
/// layout    a[m][k] with row stride lda; b[k][n] with row stride ldb, nothing is read beyond its
///           n columns; bias[panels * lanes], not read when S.bias is false; c through the sink
/// numerics  bit for bit that of gemm with the same n, k and k_split
/// source    as gemm
template <class T, matmul_shape S, class Arch = simd::default_arch, class Sink>
void matmul(T const* a, T const* b, T const* bias, Sink sink) noexcept {
  static_assert(S.m > 0 && S.n > 0 && S.k > 0, "etch: matmul: an extent is not positive");
  static_assert(S.k_split > 0, "etch: matmul: k_split is not positive");
  constexpr long lanes = simd::lanes_v<T>;
  product<T,
          product_shape{S.m, S.n, S.k, S.lda, S.k_split, S.bias, {S.ldb, lanes}, S.n % lanes == 0},
          Arch>(a, b, bias, sink);
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
