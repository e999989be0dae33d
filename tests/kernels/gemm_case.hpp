#pragma once

#include <etch/kernels/gemm.hpp>

#include "kernels/kernel_test.hpp"

namespace kernel_test {

/// Operands of one product, the same for the same seed.
template <class T>
struct product_operands {
  block<T> a, b, bias;

  product_operands(long m, long n, long k, long lda, std::uint64_t seed = 7)
      : a(random_block<T>((m - 1) * lda + k, seed)),
        b(random_block<T>(k * n, seed + 1)),
        bias(random_block<T>(n, seed + 2)) {}
};

template <class T>
bool is_the_product(recorder<T> const& c, product_operands<T> const& x, long m, long n, long k,
                    long lda, bool bias) {
  if (!c.complete()) return false;
  for (long i = 0; i < m; ++i)
    for (long j = 0; j < n; ++j) {
      reference sum;
      if (bias) sum.add(static_cast<double>(x.bias[j]));
      for (long l = 0; l < k; ++l)
        sum.add(static_cast<double>(x.a[i * lda + l]) * static_cast<double>(x.b[l * n + j]));
      if (!agrees(c(i, j), sum)) return false;
    }
  return true;
}

template <class T, etch::kernels::gemm_shape S>
recorder<T> run_gemm(product_operands<T> const& x) {
  recorder<T> c(S.m, S.n);
  block<T> const packed = packed_panels(x.b, S.n, S.k);
  block<T> const bias = packed_bias(x.bias);
  etch::kernels::gemm<T, S>(x.a.data(), packed.data(), S.bias ? bias.data() : nullptr, c.in());
  return c;
}

template <class T>
constexpr etch::kernels::gemm_shape gemm_of(long m, long n, long k, bool bias = true,
                                            long gap = 0) {
  return {m, n, k, k + gap, etch::kernels::gemm_k_split<T>(n, k), bias};
}

template <class T, etch::kernels::gemm_shape S>
bool gemm_is_the_product() {
  product_operands<T> const x(S.m, S.n, S.k, S.lda);
  return is_the_product(run_gemm<T, S>(x), x, S.m, S.n, S.k, S.lda, S.bias);
}

}  // namespace kernel_test
