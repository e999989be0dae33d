// The forms that Eigen computes, against the operators' own loops.

#include <etch/eager/compute.hpp>
#include <etch/eager/tensor.hpp>
#include <etch/ir/emit.hpp>
#include <etch/ops/structured_ops.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "support/random_values.hpp"

namespace {

using namespace etch;
using eager::tensor;

struct outcome {
  bool by_eigen = false;
  tensor found, expected;
};

template <class Op>
outcome run(std::vector<tensor> const& operands, ir::attrs_of<Op> const& attributes = {}) {
  core::list<std::int64_t> words;
  core::to_words(words, attributes);
  std::vector<ir::tensor_ref> refs;
  std::vector<ir::tensor_type> types;
  for (tensor const& each : operands) {
    refs.push_back(each.ref());
    types.push_back(each.type());
  }
  auto const type = ir::info_of<Op>.infer({types.data(), types.size()}, words.data());
  REQUIRE(type.ok());
  outcome result{false, tensor(type.type), tensor(type.type)};
  result.by_eigen =
      eager::compute_with_eigen(ir::info_of<Op>, refs, result.found.ref(), words.data());
  ir::info_of<Op>.reference(refs, result.expected.ref(), words.data());
  return result;
}

tensor random(ir::shape const& shape, std::uint64_t seed, double low = -2, double high = 2) {
  return etch_test::random_tensor({ir::dtype::f64, shape}, seed, low, high);
}

template <class Op>
void agrees(std::vector<tensor> const& operands, ir::attrs_of<Op> const& attributes = {}) {
  auto const result = run<Op>(operands, attributes);
  CAPTURE(Op::key.view());
  CHECK(result.by_eigen);
  CHECK(etch_test::difference(result.expected, result.found) <= 1e-13);
}

template <class Op>
void left_to_the_reference(std::vector<tensor> const& operands,
                           ir::attrs_of<Op> const& attributes = {}) {
  CAPTURE(Op::key.view());
  CHECK_FALSE(run<Op>(operands, attributes).by_eigen);
}

TEST_CASE("Eigen computes products as the references do", "[eager][eigen]") {
  agrees<ops::linear>({random(ir::shape(3, 5), 1), random(ir::shape(4, 5), 2)});
  agrees<ops::linear>(
      {random(ir::shape(2, 3, 5), 1), random(ir::shape(4, 5), 2), random(ir::shape(4), 3)});
  agrees<ops::linear>(
      {random(ir::shape(5), 1), random(ir::shape(5, 4), 2), random(ir::shape(4), 3)},
      {.in_out = true});
  agrees<ops::matmul>({random(ir::shape(3, 5), 1), random(ir::shape(5, 4), 2)});
  agrees<ops::matmul>({random(ir::shape(2, 7, 3, 5), 1), random(ir::shape(7, 5, 4), 2)});
  agrees<ops::matmul>({random(ir::shape(2, 1, 3, 5), 1), random(ir::shape(2, 7, 5, 4), 2)});
}

TEST_CASE("Eigen computes convolutions as the references do", "[eager][eigen]") {
  for (bool last : {false, true}) {
    ir::shape const x = last ? ir::shape(2, 7, 9, 4) : ir::shape(2, 4, 7, 9);
    ops::conv2d::attrs a{.channels_last = last};
    agrees<ops::conv2d>({random(x, 1), random(ir::shape(6, 4, 3, 2), 2)}, a);
    a.stride_h = 2;
    a.dilation_w = 3;
    a.pad_top = 2;
    a.pad_right = 1;
    agrees<ops::conv2d>({random(x, 1), random(ir::shape(6, 4, 3, 2), 2), random(ir::shape(6), 3)},
                        a);
    a.groups = 2;
    agrees<ops::conv2d>({random(x, 1), random(ir::shape(6, 2, 3, 2), 2), random(ir::shape(6), 3)},
                        a);
    a.groups = 4;
    agrees<ops::conv2d>({random(x, 1), random(ir::shape(4, 1, 3, 2), 2)}, a);
  }
}

TEST_CASE("Eigen computes norms and reductions as the references do", "[eager][eigen]") {
  auto const x = random(ir::shape(3, 4, 5), 1);
  agrees<ops::softmax>({x}, {.axis = 2});
  agrees<ops::log_softmax>({x}, {.axis = 2});
  agrees<ops::layer_norm>({x, random(ir::shape(4, 5), 2), random(ir::shape(4, 5), 3)},
                          {.axes = 2, .epsilon = 1e-3f});
  for (int axis = 0; axis < 3; ++axis) {
    ir::shape const c(x.type().shape[axis]);
    agrees<ops::batch_norm>({x, random(c, 2), random(c, 3), random(c, 4), random(c, 5, 0.5, 2)},
                            {.axis = axis, .epsilon = 1e-3f});
  }
  for (bool keep : {false, true}) {
    agrees<ops::reduce_sum>({x}, {core::ints<6>{1}, keep});
    agrees<ops::reduce_sum>({x}, {core::ints<6>{1, 2}, keep});
    agrees<ops::reduce_mean>({x}, {core::ints<6>{0, 1}, keep});
    agrees<ops::reduce_mean>({x}, {core::ints<6>{0, 1, 2}, keep});
  }
}

TEST_CASE("Eigen computes elementwise operators as the references do", "[eager][eigen]") {
  auto const x = random(ir::shape(3, 4, 5), 1), positive = random(ir::shape(3, 4, 5), 2, 0.1, 3);
  agrees<ops::relu>({x});
  agrees<ops::neg>({x});
  agrees<ops::exp>({x});
  agrees<ops::log>({positive});
  agrees<ops::sqrt>({positive});
  agrees<ops::sin>({x});
  agrees<ops::tanh>({x});
  agrees<ops::sigmoid>({x});
  agrees<ops::silu>({x});
  for (ir::shape const& s : {ir::shape(3, 4, 5), ir::shape(4, 5), ir::shape(5), ir::shape(1),
                             ir::shape(3, 1, 1), ir::shape(3, 4, 1), ir::shape(1, 4, 5)}) {
    auto const y = random(s, 3, 0.5, 2);
    agrees<ops::add>({x, y});
    agrees<ops::sub>({y, x});
    agrees<ops::mul>({x, y});
    agrees<ops::div>({y, positive});
  }
}

TEST_CASE("what Eigen has no form of is left to the references", "[eager][eigen]") {
  auto const x = random(ir::shape(3, 4, 5), 1);
  left_to_the_reference<ops::softmax>({x}, {.axis = 0});
  left_to_the_reference<ops::reduce_sum>({x}, {core::ints<6>{0, 2}, false});
  left_to_the_reference<ops::reduce_max>({x}, {core::ints<6>{0}, false});
  left_to_the_reference<ops::add>({x, random(ir::shape(4, 1), 2)});
  auto const integers = tensor::of<std::int32_t>(ir::shape(2), std::vector<std::int32_t>{1, 2});
  left_to_the_reference<ops::add>({integers, integers});
}

TEST_CASE("Eigen lets NaN through", "[eager][eigen]") {
  double const nan = std::numeric_limits<double>::quiet_NaN();
  auto const both = [&]<class Op>(std::type_identity<Op>) {
    for (int at = 0; at < 9; ++at) {
      std::vector<double> values(9, 1.0);
      values[static_cast<std::size_t>(at)] = nan;
      std::vector<float> const floats(values.begin(), values.end());
      auto const y = run<Op>({tensor::of<double>(ir::shape(9), values)});
      auto const z = run<Op>({tensor::of<float>(ir::shape(9), floats)});
      CAPTURE(Op::key.view(), at);
      CHECK(std::isnan(y.found.template values<double>()[static_cast<std::size_t>(at)]));
      CHECK(std::isnan(z.found.template values<float>()[static_cast<std::size_t>(at)]));
    }
  };
  both(std::type_identity<ops::relu>{});
  both(std::type_identity<ops::exp>{});
  both(std::type_identity<ops::log>{});
  both(std::type_identity<ops::tanh>{});
  both(std::type_identity<ops::sigmoid>{});
  both(std::type_identity<ops::sin>{});
  auto const soft = run<ops::softmax>(
      {tensor::of<double>(ir::shape(3), std::vector<double>{1, nan, 2})}, {.axis = 0});
  for (double p : soft.found.values<double>()) CHECK(std::isnan(p));
}

}  // namespace
