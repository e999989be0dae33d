#include <etch/front/tensor.hpp>

#include <type_traits>

#include <etch/front/recorder.hpp>

#include "catch.hpp"

namespace {

using namespace etch;
using ir::tensor_type;

template <tensor_type Type, class Expected>
constexpr bool leads_to = std::is_same_v<front::tensor_for<Type>, Expected>;

constexpr bool handles_keep_their_node() {
  front::recorder to;
  tensor<float, 2, 3> const x(to, 5);
  tensor<float, 2u, 3L> const same(x);
  return same.id() == 5 && &same.recording() == &to;
}

}  // namespace

TEST_CASE("the type of a tensor is its dtype and its shape", "[front][tensor]") {
  STATIC_REQUIRE(tensor<float, 1, 784>::type == ir::f32(1, 784));
  STATIC_REQUIRE(tensor<double>::type == tensor_type{dtype::f64, {}});
  STATIC_REQUIRE(tensor<bool, 2u, 3L>::type == tensor_type{dtype::bool_, ir::shape(2, 3)});
  STATIC_REQUIRE(tensor<float, 2, 3, 4>::rank == 3);
  STATIC_REQUIRE(tensor<float, 2, 3, 4>::elements == 24);
  STATIC_REQUIRE(tensor<float>::elements == 1);
}

TEST_CASE("every type of a value has its tensor", "[front][tensor]") {
  STATIC_REQUIRE(leads_to<ir::f32(1, 4), tensor<float, 1, 4>>);
  STATIC_REQUIRE(leads_to<tensor_type{dtype::f32, {}}, tensor<float>>);
  STATIC_REQUIRE(leads_to<tensor_type{dtype::f64, ir::shape(2)}, tensor<double, 2>>);
  STATIC_REQUIRE(leads_to<tensor_type{dtype::i8, ir::shape(2)}, tensor<std::int8_t, 2>>);
  STATIC_REQUIRE(leads_to<tensor_type{dtype::i32, ir::shape(2)}, tensor<std::int32_t, 2>>);
  STATIC_REQUIRE(leads_to<tensor_type{dtype::i64, ir::shape(2)}, tensor<std::int64_t, 2>>);
  STATIC_REQUIRE(leads_to<tensor_type{dtype::u8, ir::shape(2)}, tensor<std::uint8_t, 2>>);
  STATIC_REQUIRE(leads_to<tensor_type{dtype::bool_, ir::shape(2)}, tensor<bool, 2>>);
}

TEST_CASE("a tensor is a handle; other integer types give the same shape", "[front][tensor]") {
  STATIC_REQUIRE(handles_keep_their_node());
  REQUIRE(handles_keep_their_node());
  STATIC_REQUIRE(std::is_convertible_v<tensor<float, 4u>, tensor<float, 4>>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<tensor<float, 5>, tensor<float, 4>>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<tensor<double, 4>, tensor<float, 4>>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<tensor<float, 1, 4>, tensor<float, 4>>);
}

TEST_CASE("a named tensor is a tensor with a name", "[front][tensor]") {
  using pixels = named<"pixels", tensor<float, 1, 4>>;
  STATIC_REQUIRE(pixels::name == "pixels");
  STATIC_REQUIRE(symbolic<pixels>);
  STATIC_REQUIRE(std::is_same_v<front::tensor_of<pixels>, tensor<float, 1, 4>>);
  STATIC_REQUIRE(std::is_same_v<front::operand_tensor<pixels>, tensor<float, 1, 4>>);
}

TEST_CASE("tensors, parameters and numbers are operands, and nothing else", "[front][tensor]") {
  STATIC_REQUIRE(front::operand<tensor<float, 4>>);
  STATIC_REQUIRE(front::operand<pending_parameter<float, 4>>);
  STATIC_REQUIRE(front::operand<int>);
  STATIC_REQUIRE(front::operand<double>);
  STATIC_REQUIRE_FALSE(front::operand<char const*>);
  STATIC_REQUIRE_FALSE(front::operand<path>);
  STATIC_REQUIRE_FALSE(symbolic<pending_parameter<float, 4>>);
  STATIC_REQUIRE_FALSE(symbolic<float>);
}
