#pragma once

#include "etch/kernels/simd/pack.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

/// The sink without an epilogue: stores into out[row][col] with a row stride in elements.
template <class T, class Arch = simd::default_arch>
struct store_sink {
  T* out;
  long stride;

  ETCH_INLINE void operator()(long row, long col, simd::pack<T, Arch> v) const noexcept {
    v.store(out + row * stride + col);
  }
  ETCH_INLINE void operator()(long row, long col, simd::pack<T, Arch> v, int n) const noexcept {
    v.store_partial(out + row * stride + col, n);
  }
};

}  // namespace ETCH_ISA
}  // namespace etch::kernels
