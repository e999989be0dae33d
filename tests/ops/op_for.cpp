#include <etch/ops/op_for.hpp>

#include <string>

#include "catch.hpp"
#include "ops/elementwise_list.hpp"

namespace {

using namespace etch_test;
namespace ir = etch::ir;

template <class... List>
std::string keys_of() {
  std::string keys;
  auto const take = [&]<class Op>() {
    STATIC_REQUIRE(std::is_same_v<typename etch::op_for<Op::key>::type, Op>);
    STATIC_REQUIRE(Op::is.elementwise);
    STATIC_REQUIRE(ir::info_of<Op>.key == Op::key);
    REQUIRE(ir::info_of<Op>.reference != nullptr);
    keys += std::string(Op::key.view()) + " ";
  };
  (List::for_each(take), ...);
  return keys;
}

template <class Op>
constexpr std::int64_t flops_of(ir::attrs_of<Op> const& attributes = {}) {
  std::array const types{ir::f32(4, 5), ir::f32(5), ir::f32(1)};
  etch::core::list<std::int64_t> words;
  etch::core::to_words(words, attributes);
  auto const arity = static_cast<std::size_t>(ir::info_of<Op>.arity_min);
  return ir::info_of<Op>.flops(ir::operand_types(types.data(), arity), ir::f32(4, 5), words.data());
}

}  // namespace

TEST_CASE("every elementwise operator is found by its key", "[ops][op_for]") {
  REQUIRE(keys_of<exact_unary>() == "neg abs relu leaky_relu floor ceil round clamp sqrt ");
  REQUIRE(keys_of<approximate_unary>() == "rsqrt exp log sin cos tanh sigmoid erf elu gelu silu ");
  REQUIRE(keys_of<exact_binary>() ==
          "add sub mul div min max less less_equal greater greater_equal equal not_equal "
          "logical_and logical_or ");
  REQUIRE(keys_of<approximate_binary, ternary, on_bool>() == "pow where logical_not ");
  STATIC_REQUIRE(std::is_same_v<etch::op_for<"cast">::type, etch::ops::cast>);
}

TEST_CASE("commutative operators say so, and no others", "[ops][op_for]") {
  std::string commutative;
  auto const take = [&]<class Op>() {
    if (Op::is.commutative) commutative += std::string(Op::key.view()) + " ";
  };
  exact_unary::for_each(take);
  approximate_unary::for_each(take);
  exact_binary::for_each(take);
  approximate_binary::for_each(take);
  ternary::for_each(take);
  on_bool::for_each(take);
  REQUIRE(commutative == "add mul min max equal not_equal logical_and logical_or ");
}

TEST_CASE("an operator counts the operations of its formula", "[ops][flops]") {
  STATIC_REQUIRE(flops_of<etch::ops::add>() == 20);
  STATIC_REQUIRE(flops_of<etch::ops::relu>() == 20);
  STATIC_REQUIRE(flops_of<etch::ops::where>() == 20);
  STATIC_REQUIRE(flops_of<etch::ops::clamp>() == 40);
  STATIC_REQUIRE(flops_of<etch::ops::leaky_relu>() == 40);
  STATIC_REQUIRE(flops_of<etch::ops::silu>() == 40);
  STATIC_REQUIRE(flops_of<etch::ops::rsqrt>() == 40);
  STATIC_REQUIRE(flops_of<etch::ops::elu>() == 80);
  STATIC_REQUIRE(flops_of<etch::ops::gelu>() == 100);
  STATIC_REQUIRE(flops_of<etch::ops::gelu>({.tanh_approximation = true}) == 180);
}
