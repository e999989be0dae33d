#pragma once

#include <cmath>

#include "ops/elementwise_list.hpp"
#include "ops/reference_run.hpp"

/// What the approximate operators compute, by the C library in long double, and how far the
/// reference and the packs may be away from it.
namespace etch_test {

using real = long double;

/// ulps of the exact result, plus eps times max(1, |x|), plus multiples of the smallest normal
/// number.
struct tolerance {
  double ulps = 0;
  double of_eps = 0;
  double of_smallest = 0;
};

template <class T>
bool agrees(T found, real exact, tolerance allowed, real x) {
  using limits = std::numeric_limits<T>;
  real const scale = std::isfinite(x) ? std::fmax(1.0L, std::fabs(x)) : 0.0L;
  real const slack = static_cast<real>(allowed.of_eps) * limits::epsilon() * scale +
                     static_cast<real>(allowed.of_smallest) * limits::min();
  return agrees(found, exact, allowed.ulps, slack);
}

/// exact<Op>(x), for the attributes that an operator has by default.
template <class Op>
inline constexpr auto exact = nullptr;
template <>
inline constexpr auto exact<ops::rsqrt> = [](real x) { return 1 / std::sqrt(x); };
template <>
inline constexpr auto exact<ops::exp> = [](real x) { return std::exp(x); };
template <>
inline constexpr auto exact<ops::log> = [](real x) { return std::log(x); };
template <>
inline constexpr auto exact<ops::sin> = [](real x) { return std::sin(x); };
template <>
inline constexpr auto exact<ops::cos> = [](real x) { return std::cos(x); };
template <>
inline constexpr auto exact<ops::tanh> = [](real x) { return std::tanh(x); };
template <>
inline constexpr auto exact<ops::erf> = [](real x) { return std::erf(x); };
template <>
inline constexpr auto exact<ops::sigmoid> = [](real x) { return 1 / (1 + std::exp(-x)); };
template <>
inline constexpr auto exact<ops::silu> = [](real x) { return x / (1 + std::exp(-x)); };
template <>
inline constexpr auto exact<ops::elu> = [](real x) { return x > 0 ? x : std::expm1(x); };
template <>
inline constexpr auto exact<ops::gelu> =
    [](real x) { return x / 2 * std::erfc(-x * std::sqrt(0.5L)); };
inline constexpr auto exact_gelu_tanh = [](real x) {
  real const root = std::sqrt(2 / std::acos(-1.0L));
  return x / 2 * (1 + std::tanh(root * (x + 0.044715L * x * x * x)));
};

/// The bounds that the operators' documentation states.
template <class Op>
inline constexpr tolerance allowed{.ulps = 1};
template <>
inline constexpr tolerance allowed<ops::rsqrt>{.ulps = 1.5};
template <>
inline constexpr tolerance allowed<ops::pow>{.ulps = 1.5};
template <>
inline constexpr tolerance allowed<ops::sin>{.ulps = 2};
template <>
inline constexpr tolerance allowed<ops::cos>{.ulps = 2};
template <>
inline constexpr tolerance allowed<ops::tanh>{.ulps = 3};
template <>
inline constexpr tolerance allowed<ops::sigmoid>{.ulps = 2, .of_smallest = 1};
template <>
inline constexpr tolerance allowed<ops::silu>{.ulps = 3, .of_smallest = 800};
template <>
inline constexpr tolerance allowed<ops::elu>{.of_eps = 1};
template <>
inline constexpr tolerance allowed<ops::gelu>{.of_eps = 1.5};

}  // namespace etch_test
