#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <random>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <etch/ir/info_of.hpp>

#include "catch.hpp"

/// One operator called through its op_info, as an executor calls it, and dense arrays with an
/// indexing of their own to check it against.
namespace structured {

namespace ir = etch::ir;

/// A dense row-major array of doubles; an index is a list of positions.
struct array {
  std::vector<int> extents;
  std::vector<double> values;

  explicit array(std::vector<int> shape, double value = 0) : extents(std::move(shape)) {
    std::size_t n = 1;
    for (int extent : extents) n *= static_cast<std::size_t>(extent);
    values.assign(n, value);
  }
  double& at(std::initializer_list<int> index) {
    std::size_t flat = 0;
    auto axis = extents.begin();
    for (int i : index) {
      if (axis == extents.end() || i < 0 || i >= *axis) throw "an index is out of range";
      flat = flat * static_cast<std::size_t>(*axis++) + static_cast<std::size_t>(i);
    }
    return values[flat];
  }
};

using generator = std::mt19937;

inline int pick(generator& from, int least, int most) {
  return std::uniform_int_distribution<int>(least, most)(from);
}

/// Values that T holds exactly.
template <class T>
array random_array(generator& from, std::vector<int> shape, double least = -1, double most = 1) {
  array a(std::move(shape));
  std::uniform_real_distribution<double> uniform(least, most);
  for (double& value : a.values)
    value = std::is_floating_point_v<T> ? static_cast<double>(static_cast<T>(uniform(from)))
                                        : std::floor(uniform(from));
  return a;
}

/// The bytes of a tensor of T, to be handed to a reference.
template <class T>
struct operand {
  ir::tensor_type type;
  std::vector<char> bytes;

  explicit operand(ir::tensor_type of) : type(of), bytes(static_cast<std::size_t>(of.bytes())) {}
  operand(array const& a) : operand(type_of(a.extents)) {
    for (std::size_t i = 0; i < a.values.size(); ++i) data()[i] = static_cast<T>(a.values[i]);
  }
  static ir::tensor_type type_of(std::vector<int> const& extents) {
    ir::tensor_type result{ir::dtype_of<T>, {}};
    for (int extent : extents) result.shape.push_back(extent);
    return result;
  }
  T* data() { return reinterpret_cast<T*>(bytes.data()); }
  ir::tensor_ref ref() { return {bytes.data(), type}; }
};

/// What the operator makes of the operands; its shape is the one that it infers.
template <class Op, class Out, class... In>
array run(ir::attrs_of<Op> const& attributes, operand<In>... in) {
  etch::core::list<std::int64_t> words;
  etch::core::to_words(words, attributes);
  std::vector<ir::tensor_type> const types{in.type...};
  auto const inferred = ir::info_of<Op>.infer({types.data(), types.size()}, words.data());
  REQUIRE(inferred.ok());
  REQUIRE(inferred.type.dtype == ir::dtype_of<Out>);
  operand<Out> out(inferred.type);
  std::vector<ir::tensor_ref> const refs{in.ref()...};
  ir::info_of<Op>.reference(refs, out.ref(), words.data());

  std::vector<int> extents;
  for (int i = 0; i < inferred.type.rank(); ++i)
    extents.push_back(static_cast<int>(inferred.type.shape[i]));
  array result(extents);
  for (std::size_t i = 0; i < result.values.size(); ++i)
    result.values[i] = static_cast<double>(out.data()[i]);
  return result;
}

/// The sentence with which the operator refuses, or "".
template <class Op>
std::string refusal(ir::attrs_of<Op> const& attributes, std::vector<ir::tensor_type> const& types) {
  etch::core::list<std::int64_t> words;
  etch::core::to_words(words, attributes);
  auto const inferred = ir::info_of<Op>.infer({types.data(), types.size()}, words.data());
  return inferred.ok() ? "" : inferred.problem;
}

/// Equal shapes, and values within a few roundings to T.
template <class T>
void require_close(array const& found, array const& expected, double roundings = 1) {
  REQUIRE(found.extents == expected.extents);
  double const eps = static_cast<double>(std::numeric_limits<T>::epsilon());
  for (std::size_t i = 0; i < found.values.size(); ++i) {
    double const allowed = roundings * eps * std::fabs(expected.values[i]) +
                           64 * std::numeric_limits<double>::epsilon();
    INFO("element " << i << ": " << found.values[i] << ", expected " << expected.values[i]);
    REQUIRE(std::fabs(found.values[i] - expected.values[i]) <= allowed);
  }
}

/// Equal shapes and equal values; NaN is equal to NaN.
inline void require_same(array const& found, array const& expected) {
  REQUIRE(found.extents == expected.extents);
  for (std::size_t i = 0; i < found.values.size(); ++i) {
    INFO("element " << i << ": " << found.values[i] << ", expected " << expected.values[i]);
    bool const both_nan = std::isnan(found.values[i]) && std::isnan(expected.values[i]);
    REQUIRE((both_nan || found.values[i] == expected.values[i]));
  }
}

}  // namespace structured
