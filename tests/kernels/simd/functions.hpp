#pragma once

#include <cmath>

#include "etch/kernels/simd/math.hpp"
#include "kernels/simd/ulp.hpp"
#include "kernels/simd/values.hpp"

/// The unary vector functions beside their references and stated bounds, for the tests of accuracy.
namespace functions {

/// float against double, double against long double.
template <class T>
using reference = std::conditional_t<sizeof(T) == 4, double, long double>;

inline constexpr bool fused = etch::simd::ETCH_ISA::detail::has_fma<etch::simd::default_arch>;

#define ETCH_TEST_FUNCTION(NAME, BOUND, BOUND_WITHOUT_FMA)             \
  struct NAME {                                                        \
    static constexpr char const* name = #NAME;                         \
    static constexpr double bound = fused ? BOUND : BOUND_WITHOUT_FMA; \
    template <class V>                                                 \
    static V packed(V const& x) {                                      \
      return etch::simd::NAME(x);                                      \
    }                                                                  \
    template <class R>                                                 \
    static R exact(R x);                                               \
  };                                                                   \
  template <class R>                                                   \
  R NAME::exact(R x)

ETCH_TEST_FUNCTION(exp, 1.0, 1.5) { return std::exp(x); }
ETCH_TEST_FUNCTION(log, 1.0, 1.5) { return std::log(x); }
ETCH_TEST_FUNCTION(tanh, 3.0, 3.0) { return std::tanh(x); }
ETCH_TEST_FUNCTION(sigmoid, 2.5, 2.5) { return R(1) / (R(1) + std::exp(-x)); }
ETCH_TEST_FUNCTION(erf, 1.25, 1.5) { return std::erf(x); }
ETCH_TEST_FUNCTION(sin, 2.0, 3.0) { return std::sin(x); }
ETCH_TEST_FUNCTION(cos, 2.0, 3.0) { return std::cos(x); }
ETCH_TEST_FUNCTION(rsqrt, 1.5, 1.5) { return R(1) / std::sqrt(x); }

#undef ETCH_TEST_FUNCTION

/// The error of one result. sigmoid may flush a subnormal result to 0.
template <class F, class T>
double error(T got, T x) {
  auto const want = F::exact(static_cast<reference<T>>(x));
  constexpr T normal = std::numeric_limits<T>::min();
  if (std::is_same_v<F, sigmoid> && std::fabs(want) < normal)
    return got >= T(0) && got <= normal ? 0.0 : std::numeric_limits<double>::infinity();
  if (want == 0 && got == 0 && std::signbit(want) != std::signbit(got))
    return std::numeric_limits<double>::infinity();
  return ulp::distance(got, static_cast<long double>(want));
}

/// One pack, out of line: compiled once for all samples.
template <class F, class T>
ETCH_COLD void evaluate(T const* in, T* out) {
  F::packed(etch::simd::pack<T>::load(in)).store(out);
}

template <class T>
struct worst_case {
  double ulp = 0;
  T x = 0;
};

/// The worst of F over x(0), ... x(count - 1).
template <class F, class T, class X>
worst_case<T> worst(std::uint64_t count, X x) {
  using P = etch::simd::pack<T>;
  worst_case<T> result;
  for (std::uint64_t i = 0; i < count; i += std::uint64_t(P::lanes)) {
    T in[P::lanes], out[P::lanes];
    for (int k = 0; k < P::lanes; ++k) in[k] = x(i + std::uint64_t(k));
    evaluate<F>(in, out);
    for (int k = 0; k < P::lanes; ++k) {
      double const e = error<F>(out[k], in[k]);
      if (e > result.ulp) result = {e, in[k]};
    }
  }
  return result;
}

}  // namespace functions
