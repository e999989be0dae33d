#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <etch/front/tensor.hpp>

namespace etch::ops {

/// Which C++ numbers may stand beside a tensor of T: any but bool beside float and double,
/// integers beside integers, bool beside bool.
template <class T, class Number>
struct number_fits {
  static constexpr bool ok = std::is_same_v<T, bool> || std::is_same_v<Number, bool>
                                 ? std::is_same_v<T, Number>
                                 : std::is_floating_point_v<T> || std::is_integral_v<Number>;
};

namespace detail {

constexpr bool exact_in(int digits, std::uint64_t magnitude) {
  return magnitude == 0 || (magnitude >> std::countr_zero(magnitude)) >> digits == 0;
}

template <class T, std::integral Number>
constexpr double from_integer(Number value) {
  if constexpr (std::is_same_v<T, bool>) {
    return value ? 1.0 : 0.0;
  } else {
    bool const negative = value < Number(0);
    auto const bits = static_cast<std::uint64_t>(value);
    auto const magnitude = negative ? std::uint64_t{0} - bits : bits;
    if constexpr (std::is_integral_v<T>) {
      auto const limit = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
      std::uint64_t const below = std::is_signed_v<T> ? limit + 1 : 0;
      if (magnitude > (negative ? below : limit))
        throw "etch: a number is outside the range of the dtype of the tensor";
    }
    constexpr int digits =
        std::numeric_limits<std::conditional_t<std::is_same_v<T, float>, float, double>>::digits;
    if (!exact_in(digits, magnitude))
      throw "etch: an integer has more digits than the dtype of the tensor (a literal: 53) holds";
    auto const real = static_cast<double>(magnitude);
    return negative ? -real : real;
  }
}

}  // namespace detail

/// The number as an element of a tensor of T, in the form that literals and attributes have.
/// numerics  a floating-point number is rounded to T
/// errors    outside the range of T; an integer that float or double cannot hold exactly
template <class T, class Number>
constexpr double element(Number value) {
  if constexpr (std::is_integral_v<Number>) {
    return detail::from_integer<T>(value);
  } else {
    constexpr auto most = static_cast<double>(std::numeric_limits<T>::max());
    auto const wide = static_cast<double>(value);
    constexpr double infinity = std::numeric_limits<double>::infinity();
    bool const infinite = wide == infinity || wide == -infinity;
    if (!infinite && (wide > most || wide < -most))
      throw "etch: a number is outside the range of the dtype of the tensor";
    return static_cast<double>(static_cast<T>(wide));
  }
}

}  // namespace etch::ops
