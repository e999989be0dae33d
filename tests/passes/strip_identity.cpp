#include <etch/passes/strip_identity.hpp>

#include "pass_test.hpp"

namespace {

using namespace etch_test;
using passes::strip_identity;

constexpr ir::graph with_dropout() {
  net g;
  auto const x = g.input(1, 8);
  auto const noisy = g.add_op<ops::identity>({x});
  auto const twice = g.add_op<ops::identity>({noisy});
  auto const y = g.add_op<ops::add>({twice, noisy});
  return g.returning(g.add_op<ops::identity>({y}), twice);
}

constexpr bool strips_chains_of_dropout() {
  ir::graph const now = strip_identity{}(with_dropout());
  return now.size() == 2 && count<ops::identity>(now) == 0 && now.outputs[0] == 1 &&
         now.outputs[1] == 0;
}

}  // namespace

TEST_CASE("strip_identity replaces dropout by its operand, also as an output",
          "[passes][strip_identity]") {
  STATIC_REQUIRE(strips_chains_of_dropout());
  REQUIRE(strips_chains_of_dropout());
  REQUIRE(text_after<strip_identity>(with_dropout()) == R"((%0 : f32[1,8]) {
  %1 = add(%0, %0) : f32[1,8]
  return %1, %0
}
)");
  require_sound<strip_identity>(with_dropout());
}
