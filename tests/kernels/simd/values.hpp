#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <random>
#include <type_traits>
#include <vector>

#include "etch/kernels/simd/pack.hpp"

/// Inputs and comparisons for the tests of packs.
namespace values {

template <class T>
using image_of = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

/// Zeros, infinities, NaN, subnormals, limits, halves and the neighbours of whole numbers.
template <class T>
std::vector<T> special() {
  using limits = std::numeric_limits<T>;
  T const whole = sizeof(T) == 4 ? T(0x1p23) : T(0x1p52);
  std::vector<T> x{T(0),
                   T(0.25),
                   T(0.5),
                   std::nextafter(T(0.5), T(0)),
                   T(1),
                   std::nextafter(T(1), T(0)),
                   T(1.5),
                   T(2.5),
                   T(3.5),
                   T(1000.75),
                   whole - T(0.5),
                   whole,
                   whole + T(1),
                   T(4) * whole,
                   T(0x1p31),
                   T(0x1p63),
                   limits::denorm_min(),
                   limits::min(),
                   limits::max(),
                   limits::infinity()};
  std::size_t const count = x.size();
  for (std::size_t i = 0; i < count; ++i) x.push_back(-x[i]);
  x.push_back(limits::quiet_NaN());
  return x;
}

/// Random bits: every sign and exponent, NaN too.
template <class T>
T random_bits(std::mt19937_64& random) {
  return std::bit_cast<T>(static_cast<image_of<T>>(random()));
}

template <class T>
T random_between(std::mt19937_64& random, T low, T high) {
  return std::uniform_real_distribution<T>(low, high)(random);
}

/// Equal bits, or both NaN.
template <class T>
bool same(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (a != a || b != b) return a != a && b != b;
    return std::bit_cast<image_of<T>>(a) == std::bit_cast<image_of<T>>(b);
  } else {
    return a == b;
  }
}

/// Pairs: every special value with every other, then random bits, a multiple of 16 of them.
template <class T>
struct operands {
  std::vector<T> a, b, c;

  operands() {
    std::mt19937_64 random(20240917);
    auto const edge = special<T>();
    for (T x : edge)
      for (T y : edge) add(x, y, edge[random() % edge.size()]);
    for (int i = 0; i < 4096; ++i) {
      auto const x = random_bits<T>(random), y = random_bits<T>(random);
      add(x, y, random_bits<T>(random));
    }
    // exact in T, so that no compiler makes other inputs of it
    auto small = [&] {
      return static_cast<T>(static_cast<std::int64_t>(random() >> 40) - (1 << 23)) * T(0x1p-20);
    };
    for (int i = 0; i < 4096; ++i) {
      T const x = small(), y = small();
      add(x, y, small());
    }
    while (a.size() % 16 != 0) add(T(1), T(2), T(3));
  }

 private:
  void add(T x, T y, T z) {
    a.push_back(x);
    b.push_back(y);
    c.push_back(z);
  }
};

}  // namespace values
