#include <etch/passes/canonicalize.hpp>
#include <etch/passes/common_subexpressions.hpp>
#include <etch/passes/expand_batch_norm.hpp>
#include <etch/passes/fold_affine.hpp>

#include "pass_test.hpp"

namespace {

using namespace etch_test;
using passes::fold_affine;

constexpr double rounding = 1e-5;

/// Nothing but a linear or a convolution is left for run time.
constexpr bool is_one_product(ir::graph const& before) {
  ir::graph const now = after<fold_affine>(before);
  auto const known = ir::weight_only(now);
  int at_run_time = 0;
  for (bool each : known) at_run_time += !each;
  auto const* op = now[now.outputs[0]].op;
  return at_run_time == 2 && (op == &ir::info_of<ops::linear> || op == &ir::info_of<ops::conv2d>);
}

constexpr bool is_unchanged(ir::graph const& before) {
  return after<fold_affine>(before).size() == before.size();
}

/// linear(x) * s + t, with or without a bias; s and t of `width` elements.
constexpr ir::graph linear_and_affine(bool bias, bool in_out, int width = 4) {
  net g;
  auto const x = g.input(5, 3);
  auto const w = in_out ? g.weight("w", 3, 4) : g.weight("w", 4, 3);
  auto const y = bias ? g.add_op<ops::linear>({x, w, g.weight("b", 4)}, {.in_out = in_out})
                      : g.add_op<ops::linear>({x, w}, {.in_out = in_out});
  auto const scaled = g.add_op<ops::mul>({y, g.weight("s", width)});
  return g.returning(g.add_op<ops::add>({scaled, g.weight("t", 1, width)}));
}

constexpr ir::graph conv_and_affine(bool bias, bool channels_last, bool scalar = false) {
  net g;
  auto const x = channels_last ? g.input(2, 6, 5, 4) : g.input(2, 4, 6, 5);
  auto const w = g.weight("w", 8, 2, 3, 3);
  ops::conv2d::attrs const how{.pad_top = 1, .groups = 2, .channels_last = channels_last};
  auto const y = bias ? g.add_op<ops::conv2d>({x, w, g.weight("b", 8)}, how)
                      : g.add_op<ops::conv2d>({x, w}, how);
  if (scalar)
    return g.returning(g.add_op<ops::add>({g.add_op<ops::mul>({y, g.number(3)}), g.number(2)}));
  auto const s = channels_last ? g.weight("s", 8) : g.weight("s", 8, 1, 1);
  auto const t = channels_last ? g.weight("t", 1, 1, 1, 8) : g.weight("t", 1, 8, 1, 1);
  return g.returning(g.add_op<ops::add>({g.add_op<ops::mul>({y, s}), t}));
}

constexpr ir::graph shift_alone() {
  net g;
  auto const y = g.add_op<ops::linear>({g.input(5, 3), g.weight("w", 4, 3)});
  return g.returning(g.add_op<ops::add>({y, g.number(0.5)}));
}

constexpr ir::graph read_twice() {
  net g;
  auto const y = g.add_op<ops::linear>({g.input(5, 3), g.weight("w", 4, 3)});
  return g.returning(g.add_op<ops::mul>({y, g.weight("s", 4)}), y);
}

/// A scale per row, a scale that widens the result, one along the width of an image.
constexpr ir::graph not_per_channel() {
  net g;
  auto const y = g.add_op<ops::linear>({g.input(5, 3), g.weight("w", 4, 3)});
  auto const z = g.add_op<ops::linear>({g.input(1, 3), g.weight("v", 4, 3)});
  auto const image = g.add_op<ops::conv2d>({g.input(1, 2, 4, 4), g.weight("k", 4, 2, 1, 1)});
  return g.returning(g.add_op<ops::mul>({y, g.weight("rows", 5, 1)}),
                     g.add_op<ops::mul>({z, g.weight("many", 5, 4)}),
                     g.add_op<ops::mul>({image, g.weight("width", 4)}));
}

constexpr ir::graph by_run_time_values() {
  net g;
  auto const x = g.input(5, 3), s = g.input(4);
  auto const y = g.add_op<ops::linear>({x, g.weight("w", 4, 3)});
  auto const by_input = g.add_op<ops::linear>({g.input(3), g.input(4, 3)});
  auto const scaled = g.add_op<ops::mul>({by_input, g.weight("s", 4)});
  return g.returning(g.add_op<ops::mul>({y, s}), scaled);
}

constexpr ir::graph with_batch_norm() {
  net g;
  auto const x = g.input(2, 3, 6, 6);
  auto const gamma = g.weight("weight", 4), beta = g.weight("bias", 4), mean = g.weight("mean", 4),
             variance = g.weight("var", 4);
  auto const y = g.add_op<ops::conv2d>({x, g.weight("w", 4, 3, 3, 3)});
  return g.returning(g.add_op<ops::batch_norm>({y, gamma, beta, mean, variance}, {.axis = 1}));
}

constexpr ir::graph after_the_passes_before(ir::graph const& before) {
  using namespace passes;
  return after<common_subexpressions>(
      after<expand_batch_norm>(after<passes::canonicalize>(before)));
}

}  // namespace

TEST_CASE("fold_affine moves a scale and a shift into a linear", "[passes][fold_affine]") {
  STATIC_REQUIRE(is_one_product(linear_and_affine(true, false)));
  STATIC_REQUIRE(is_one_product(linear_and_affine(false, false)));
  REQUIRE(text_after<fold_affine>(linear_and_affine(true, false)) == R"((%0 : f32[5,3]) {
  %1 = parameter 'w' : f32[4,3]
  %2 = parameter 'b' : f32[4]
  %3 = parameter 's' : f32[4]
  %4 = reshape(%3, {4,1}) : f32[4,1]
  %5 = mul(%1, %4) : f32[4,3]
  %6 = reshape(%3, {4}) : f32[4]
  %7 = mul(%2, %6) : f32[4]
  %8 = parameter 't' : f32[1,4]
  %9 = reshape(%8, {4}) : f32[4]
  %10 = add(%7, %9) : f32[4]
  %11 = linear(%0, %5, %10, false) : f32[5,4]
  return %11
}
)");
  require_sound<fold_affine>(linear_and_affine(true, false), rounding);
  require_sound<fold_affine>(linear_and_affine(false, false), rounding);
}

TEST_CASE("fold_affine scales the columns of a weight that is stored in x out",
          "[passes][fold_affine]") {
  STATIC_REQUIRE(is_one_product(linear_and_affine(true, true)));
  require_sound<fold_affine>(linear_and_affine(true, true), rounding);
  require_sound<fold_affine>(linear_and_affine(false, true), rounding);
}

TEST_CASE("fold_affine takes one number for all channels", "[passes][fold_affine]") {
  STATIC_REQUIRE(is_one_product(linear_and_affine(true, false, 1)));
  STATIC_REQUIRE(is_one_product(linear_and_affine(false, true, 1)));
  STATIC_REQUIRE(is_one_product(conv_and_affine(true, false, true)));
  STATIC_REQUIRE(is_one_product(shift_alone()));
  for (bool bias : {false, true}) {
    for (bool in_out : {false, true})
      require_sound<fold_affine>(linear_and_affine(bias, in_out, 1), rounding);
    require_sound<fold_affine>(conv_and_affine(bias, false, true), rounding);
  }
  require_sound<fold_affine>(shift_alone(), rounding);
}

TEST_CASE("fold_affine moves a scale and a shift per channel into a convolution, in both layouts",
          "[passes][fold_affine]") {
  for (bool bias : {false, true}) {
    for (bool channels_last : {false, true}) {
      auto const before = conv_and_affine(bias, channels_last);
      REQUIRE(is_one_product(before));
      require_sound<fold_affine>(before, rounding);
    }
  }
  STATIC_REQUIRE(is_one_product(conv_and_affine(true, false)));
  STATIC_REQUIRE(is_one_product(conv_and_affine(false, true)));
}

TEST_CASE("fold_affine leaves a product that is read twice", "[passes][fold_affine]") {
  STATIC_REQUIRE(is_unchanged(read_twice()));
  require_unchanged<fold_affine>(read_twice());
}

TEST_CASE("fold_affine leaves what varies along other axes than the channels",
          "[passes][fold_affine]") {
  STATIC_REQUIRE(is_unchanged(not_per_channel()));
  require_unchanged<fold_affine>(not_per_channel());
}

TEST_CASE("fold_affine leaves scales and weights that are not known at load",
          "[passes][fold_affine]") {
  STATIC_REQUIRE(is_unchanged(by_run_time_values()));
  require_unchanged<fold_affine>(by_run_time_values());
}

TEST_CASE("fold_affine makes batch norm free", "[passes][fold_affine]") {
  constexpr auto is_free = [] {
    return is_one_product(after_the_passes_before(with_batch_norm()));
  };
  STATIC_REQUIRE(is_free());
  REQUIRE(is_free());
  auto const prepared = after_the_passes_before(with_batch_norm());
  require_sound<fold_affine>(prepared, rounding);
  require_same_meaning(with_batch_norm(), after<fold_affine>(prepared), rounding);
}
