#pragma once

#include <etch/kernels/softmax.hpp>

#include "kernels/kernel_test.hpp"

namespace kernel_test {

template <class T, etch::kernels::softmax_shape S>
recorder<T> run_softmax(block<T> const& x) {
  block<T> kept(S.share_kept ? S.n : S.rows * S.n);
  recorder<T> y(S.rows, S.n);
  etch::kernels::softmax<T, S>(x.data(), S.log ? nullptr : kept.data(), y.in());
  return y;
}

template <class T, etch::kernels::softmax_shape S>
bool softmax_agrees(double spread) {
  block<T> x = random_block<T>(S.rows * S.n, 61);
  for (T& v : x) v *= static_cast<T>(spread);
  recorder<T> const y = run_softmax<T, S>(x);
  if (!y.complete()) return false;
  double const eps = std::numeric_limits<T>::epsilon();
  for (long r = 0; r < S.rows; ++r) {
    auto const at = [&](long i) { return static_cast<double>(x[r * S.n + i]); };
    double most = at(0), sum = 0;
    for (long i = 0; i < S.n; ++i) most = std::max(most, at(i));
    for (long i = 0; i < S.n; ++i) sum += std::exp(at(i) - most);
    for (long i = 0; i < S.n; ++i) {
      double const log = at(i) - most - std::log(sum);
      double const expected = S.log ? log : std::exp(log);
      // rounding x - most shifts the exponent by half an ulp of it
      double const slack = 16 + static_cast<double>(S.n) / 8 + std::fabs(at(i) - most);
      double const bound = eps * slack * (S.log ? 1.0 : expected) +
                           static_cast<double>(std::numeric_limits<T>::min());
      if (std::fabs(static_cast<double>(y(r, i)) - expected) > bound) return false;
    }
  }
  return true;
}

}  // namespace kernel_test
