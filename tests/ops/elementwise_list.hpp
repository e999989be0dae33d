#pragma once

#include <etch/ops/elementwise_ops.hpp>

/// The elementwise operators by what their eval takes, for tests that treat all alike.
namespace etch_test {

template <class... Op>
struct op_list {
  template <class Take>
  static void for_each(Take take) {
    (take.template operator()<Op>(), ...);
  }
};

namespace ops = etch::ops;

using exact_unary = op_list<ops::neg, ops::abs, ops::relu, ops::leaky_relu, ops::floor, ops::ceil,
                            ops::round, ops::clamp, ops::sqrt>;
using approximate_unary = op_list<ops::rsqrt, ops::exp, ops::log, ops::sin, ops::cos, ops::tanh,
                                  ops::sigmoid, ops::erf, ops::elu, ops::gelu, ops::silu>;
using exact_binary = op_list<ops::add, ops::sub, ops::mul, ops::div, ops::min, ops::max, ops::less,
                             ops::less_equal, ops::greater, ops::greater_equal, ops::equal,
                             ops::not_equal, ops::logical_and, ops::logical_or>;
using approximate_binary = op_list<ops::pow>;
using ternary = op_list<ops::where>;
using on_bool = op_list<ops::logical_not>;

}  // namespace etch_test
