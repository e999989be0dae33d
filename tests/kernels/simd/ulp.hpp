#pragma once

#include <cmath>
#include <limits>

/// Distances in units in the last place, against a reference of higher precision.
namespace ulp {

/// The spacing of T around x: that of the binade of x, at least the smallest subnormal.
template <class T>
long double spacing(long double x) {
  int exponent = 0;
  std::frexp(x, &exponent);
  int const least = std::numeric_limits<T>::min_exponent;
  if (exponent < least) exponent = least;
  return std::ldexp(1.0L, exponent - std::numeric_limits<T>::digits);
}

/// |got - want| in ulp of T; 0 for equal infinities and for NaN against NaN; infinite for any other
/// mix. A want that rounds to infinity counts as infinity.
template <class T>
double distance(T got, long double want) {
  constexpr double wrong = std::numeric_limits<double>::infinity();
  if (std::isnan(want) || std::isnan(got)) return std::isnan(want) && std::isnan(got) ? 0.0 : wrong;
  long double const last = std::numeric_limits<T>::max();
  bool const overflows = std::fabs(want) >= last + spacing<T>(last) / 2;
  if (overflows || std::isinf(got)) {
    bool const same = overflows && std::isinf(got) && std::signbit(got) == std::signbit(want);
    if (same) return 0.0;
    long double const gap = std::isinf(got) ? last + spacing<T>(last) - std::fabs(want)
                                            : std::fabs(want) - std::fabs(got);
    return std::signbit(got) == std::signbit(want) && gap < 16 * spacing<T>(last)
               ? double(gap / spacing<T>(last))
               : wrong;
  }
  return double(std::fabs(static_cast<long double>(got) - want) / spacing<T>(want));
}

}  // namespace ulp
