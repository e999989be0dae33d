#pragma once

#include <cstdint>

// gcc 12 takes the undefined half of its own AVX-512 intrinsics for a mistake of Eigen.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#include <Eigen/Core>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

namespace etch::eager {

/// Dense row-major numbers as Eigen sees them.
template <class T>
using matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using matrix_map = Eigen::Map<matrix<T>>;
template <class T>
using const_matrix_map = Eigen::Map<matrix<T> const>;
template <class T>
using row_map = Eigen::Map<Eigen::Array<T, 1, Eigen::Dynamic>>;
template <class T>
using const_row_map = Eigen::Map<Eigen::Array<T, 1, Eigen::Dynamic> const>;

template <class T>
matrix_map<T> as_matrix(T* data, std::int64_t rows, std::int64_t cols) {
  return {data, rows, cols};
}
template <class T>
const_matrix_map<T> as_matrix(T const* data, std::int64_t rows, std::int64_t cols) {
  return {data, rows, cols};
}
template <class T>
row_map<T> as_row(T* data, std::int64_t n) {
  return {data, n};
}
template <class T>
const_row_map<T> as_row(T const* data, std::int64_t n) {
  return {data, n};
}

}  // namespace etch::eager
