#pragma once

#include <etch/eager/multiply.hpp>
#include <etch/ops/linear.hpp>
#include <etch/ops/matmul.hpp>

namespace etch::eager {

/// linear as one product of matrices, then the bias.
/// numerics  sums in T, in Eigen's order
template <class T>
void run_linear(ir::operand_refs in, ir::tensor_ref out, ops::linear::attrs const& a) {
  std::int64_t const k = ops::last_extent(in[0].type.shape);
  std::int64_t const n = ops::last_extent(out.type.shape);
  std::int64_t const rows = out.type.elements() / n;
  T const* const w = in[1].as<T const>();
  multiply<T>({out.as<T>(), rows, n}, {in[0].as<T const>(), rows, k},
              a.in_out ? matrix_in<T const>(w, k, n) : matrix_in<T const>(w, n, k), !a.in_out);
  if (in.size() > 2)
    as_matrix(out.as<T>(), rows, n).rowwise() += as_matrix(in[2].as<T const>(), 1, n).row(0);
}

/// matmul, one product for each matrix of the result.
/// numerics  sums in T, in Eigen's order
template <class T>
void run_matmul(ir::operand_refs in, ir::tensor_ref out) {
  ir::shape const &a = in[0].type.shape, &b = in[1].type.shape, &c = out.type.shape;
  std::int64_t const m = a[a.rank - 2], k = a[a.rank - 1], n = b[b.rank - 1];
  auto const matrix_of = [&](ir::shape const& s, std::int64_t number) {
    std::int64_t at = 0, stride = 1;
    for (int i = 3; i <= c.rank; ++i) {
      std::int64_t const own = i <= s.rank ? s[s.rank - i] : 1;
      if (own != 1) at += number % c[c.rank - i] * stride;
      stride *= own;
      number /= c[c.rank - i];
    }
    return at;
  };
  for (std::int64_t i = 0, count = c.product(0, c.rank - 2); i < count; ++i) {
    multiply<T>({out.as<T>() + i * m * n, m, n},
                {in[0].as<T const>() + matrix_of(a, i) * m * k, m, k},
                {in[1].as<T const>() + matrix_of(b, i) * k * n, k, n}, false);
  }
}

}  // namespace etch::eager
