#pragma once

#include <cstdint>
#include <type_traits>

#include <etch/eager/eigen_maps.hpp>

namespace etch::eager {

/// A matrix inside a wider one: rows of `cols` numbers, `stride` apart.
template <class T>
struct matrix_in {
  T* data;
  std::int64_t rows;
  std::int64_t cols;
  std::int64_t stride;

  matrix_in(T* first, std::int64_t height, std::int64_t width, std::int64_t apart = 0)
      : data(first), rows(height), cols(width), stride(apart == 0 ? width : apart) {}

  auto map() const {
    using of = std::conditional_t<std::is_const_v<T>, matrix<std::remove_const_t<T>> const,
                                  matrix<std::remove_const_t<T>>>;
    return Eigen::Map<of, 0, Eigen::OuterStride<>>(data, rows, cols, Eigen::OuterStride<>(stride));
  }
};

/// c = a b, or c = a b^T. All products go through here, so that a program has two forms of Eigen's
/// GEMM for each dtype and not one for each operator.
template <class T>
void multiply(matrix_in<T> c, matrix_in<T const> a, matrix_in<T const> b, bool transposed) {
  if (transposed)
    c.map().noalias() = a.map() * b.map().transpose();
  else
    c.map().noalias() = a.map() * b.map();
}

}  // namespace etch::eager
