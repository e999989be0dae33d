#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>

#include <etch/core/list.hpp>
#include <etch/ir/info_of.hpp>

#include "catch.hpp"

/// The reference meaning of one operator, called as an executor calls it.
namespace etch_test {

namespace ir = etch::ir;
using etch::core::list;

template <class T>
struct operand {
  ir::shape shape;
  list<T> values;
  ir::tensor_type type() const { return {ir::dtype_of<T>, shape}; }
};

/// A vector of values.
template <class T>
operand<T> row(list<T> values) {
  ir::shape const shape(static_cast<std::int64_t>(values.size()));
  return {shape, values};
}

template <class Op, class Out, class... In>
list<Out> run(ir::attrs_of<Op> const& attributes, operand<In> const&... in) {
  list<std::int64_t> words;
  etch::core::to_words(words, attributes);
  std::array<ir::tensor_type, sizeof...(In)> const types{in.type()...};
  ir::inferred const result = ir::info_of<Op>.infer(types, words.data());
  REQUIRE(result.ok());
  REQUIRE(result.type.dtype == ir::dtype_of<Out>);
  list<Out> out(static_cast<std::size_t>(result.type.elements()));
  std::array<ir::tensor_ref, sizeof...(In)> const refs{
      ir::tensor_ref{const_cast<In*>(in.values.data()), in.type()}...};
  ir::info_of<Op>.reference(refs, {out.data(), result.type}, words.data());
  return out;
}

/// Numbers of all sizes and signs, halves, subnormals, infinities and NaN; then `count` random ones
/// between -spread and spread.
template <class T>
list<T> floating_values(std::size_t count, double spread, unsigned seed) {
  using limits = std::numeric_limits<T>;
  list<T> values{T(0),
                 -T(0),
                 limits::infinity(),
                 -limits::infinity(),
                 limits::quiet_NaN(),
                 limits::denorm_min(),
                 -limits::denorm_min(),
                 limits::min(),
                 -limits::min(),
                 limits::max(),
                 limits::lowest(),
                 limits::epsilon(),
                 T(1),
                 T(-1),
                 T(0.5),
                 T(-0.5),
                 T(1.5),
                 T(2.5),
                 T(-2.5),
                 T(3),
                 T(100),
                 T(-100)};
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(-spread, spread);
  for (std::size_t i = 0; i < count; ++i) values.push_back(static_cast<T>(uniform(random)));
  return values;
}

/// The ends of the range, the numbers around 0, then random ones.
template <class T>
list<T> integer_values(std::size_t count, unsigned seed) {
  using limits = std::numeric_limits<T>;
  list<T> values{limits::min(), limits::max(), T(0), T(1), T(2), static_cast<T>(-1), T(7)};
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < count; ++i) values.push_back(static_cast<T>(random()));
  return values;
}

/// All pairs of values, as two rows.
template <class T>
std::array<operand<T>, 2> all_pairs(list<T> const& values) {
  list<T> first, second;
  for (T const a : values) {
    for (T const b : values) {
      first.push_back(a);
      second.push_back(b);
    }
  }
  return {row(first), row(second)};
}

/// Equal, or within `ulps` units in the last place of the exact result plus `slack`.
template <class T>
bool agrees(T found, long double exact, double ulps, long double slack = 0) {
  T const expected = static_cast<T>(exact);
  if (std::isnan(found) || std::isnan(expected)) return std::isnan(found) == std::isnan(expected);
  if (found == expected) return true;
  if (std::isinf(found) || std::isinf(expected)) return false;
  T const size = std::fabs(expected);
  T const ulp = std::nextafter(size, std::numeric_limits<T>::infinity()) - size;
  return std::fabs(static_cast<long double>(found) - exact) <=
         static_cast<long double>(ulps) * static_cast<long double>(ulp) + slack;
}

}  // namespace etch_test
