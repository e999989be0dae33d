#include <etch/plan/build.hpp>

#include "plan_test.hpp"
#include "support/random_graph.hpp"

namespace {

using namespace etch_test;
using etch::core::list;

constexpr ir::node_id linear(net& g, ir::node_id x, std::string_view name, int outputs) {
  auto const width = g[x].type.shape[g[x].type.rank() - 1];
  return g.add_op<ops::linear>({x, g.weight(name, outputs, width)});
}

constexpr ir::graph chain(int layers) {
  net g;
  auto y = g.input(1, 64);
  char name[] = "a";
  for (int i = 0; i < layers; ++i, ++name[0])
    y = g.add_op<ops::relu>({linear(g, y, std::string_view(name, 1), 64)});
  return optimised(g.returning(y));
}

constexpr ir::graph residual_blocks(int blocks) {
  net g;
  auto y = g.input(4, 64);
  char name[] = "a";
  for (int i = 0; i < blocks; ++i, name[0] = static_cast<char>(name[0] + 2)) {
    auto const h = g.add_op<ops::relu>({linear(g, y, std::string_view(name, 1), 128)});
    ++name[0];
    y = g.add_op<ops::add>({linear(g, h, std::string_view(name, 1), 64), y});
    --name[0];
  }
  return optimised(g.returning(y));
}

constexpr bool equal_layers_share_code() {
  plan::plan const p = plan::build(chain(8));
  for (plan::step const& s : p.steps) {
    if (s.same_as != 0) return false;
  }
  return p.steps.size() == 8;
}

constexpr bool layers_of_other_sizes_do_not() {
  net g;
  auto const x = linear(g, g.input(1, 32), "a", 64), y = linear(g, x, "b", 64);
  auto const z = g.add_op<ops::relu>({linear(g, y, "c", 64)});
  plan::plan const p = plan::build(optimised(g.returning(z)));
  return p.steps.size() == 3 && p.steps[1].same_as == 1 && p.steps[2].same_as == 2;
}

/// Equal but for one number in the epilogue.
constexpr plan::plan two_sums(double first, double second) {
  net g;
  auto const x = g.input(4, 8), y = g.input(4, 8);
  auto const a = g.add_op<ops::softmax>({g.add_op<ops::add>({x, g.number(first)})}, {.axis = 1});
  auto const b = g.add_op<ops::softmax>({g.add_op<ops::add>({y, g.number(second)})}, {.axis = 1});
  // Without canonicalize, which would drop a sum with -0.
  return plan::build(passes::fuse_elementwise{}(g.returning(a, b)));
}
constexpr bool sums_share_code(double first, double second) {
  plan::plan const p = two_sums(first, second);
  int sums = 0;
  bool shared = false;
  for (plan::step const& s : p.steps) {
    if (s.op == &ir::fused_op && sums++ == 1)
      shared = p.steps[std::size_t(s.same_as)].node != s.node;
  }
  return sums == 2 && shared;
}

constexpr ir::graph with_views() {
  net g;
  auto const x = g.input(2, 12);
  auto const y = g.add_op<ops::softmax>({x}, {.axis = 1});
  auto const v = g.add_op<ops::reshape>({y}, {.shape = {4, 6}});
  auto const z = g.add_op<ops::softmax>({v}, {.axis = 1});
  auto const w = g.add_op<ops::reshape>({z}, {.shape = {24}});
  return g.returning(w, g.add_op<ops::reshape>({x}, {.shape = {3, 8}}));
}

constexpr bool views_share_offsets() {
  plan::plan const p = plan::build(with_views());
  return p.steps.size() == 2 &&
         p.locations[std::size_t(p.steps[1].operands.first)].offset == p.steps[0].result.offset &&
         p.outputs[0].offset == p.steps[1].result.offset &&
         p.outputs[0].type.shape == ir::shape(24) && p.outputs[1].place == plan::place::input;
}

/// Runs of a value: a row, columns of a single row, a step; and columns of several rows.
constexpr ir::graph with_slices() {
  net g;
  auto const x = g.add_op<ops::softmax>({g.input(4, 16)}, {.axis = 1});
  auto const rows =
      g.add_op<ops::slice>({x}, {.starts = {1, 0}, .sizes = {2, 16}, .steps = {1, 1}});
  auto const run = g.add_op<ops::slice>({x}, {.starts = {3, 5}, .sizes = {1, 8}, .steps = {2, 1}});
  auto const columns =
      g.add_op<ops::slice>({x}, {.starts = {0, 0}, .sizes = {4, 8}, .steps = {1, 1}});
  auto const step =
      g.add_op<ops::slice>({run}, {.starts = {0, 1}, .sizes = {1, 3}, .steps = {1, 2}});
  return g.returning(rows, run, columns, step);
}

constexpr bool slices_of_neighbours_are_views() {
  plan::plan const p = plan::build(with_slices());
  std::int64_t const x = p.steps[0].result.offset;
  return p.steps.size() == 3 && p.outputs[0].offset == x + 16 * 4 &&
         p.outputs[1].offset == x + (3 * 16 + 5) * 4 &&
         p.outputs[1].type.shape == ir::shape(1, 8) && p.steps[1].kernel == ir::op_key("copy") &&
         p.steps[2].kernel == ir::op_key("copy");
}

/// A value and one of its own elements: the result may not take its place.
constexpr ir::graph sum_with_a_part() {
  net g;
  auto const x = g.add_op<ops::softmax>({g.input(1, 16)}, {.axis = 1});
  auto const part = g.add_op<ops::slice>({x}, {.starts = {0, 3}, .sizes = {1, 1}, .steps = {1, 1}});
  return optimised(g.returning(g.add_op<ops::add>({x, part})));
}

constexpr ir::graph sum_of_dying_values() {
  net g;
  auto const x = g.add_op<ops::softmax>({g.input(2, 16)}, {.axis = 1});
  auto const y = g.add_op<ops::softmax>({g.input(2, 16)}, {.axis = 1});
  auto const z = g.add_op<ops::reduce_sum>({x}, {.axes = {1}, .keepdims = true});
  auto const difference = g.add_op<ops::sub>({x, z});
  auto const line = g.add_op<ops::reduce_max>({difference}, {.axes = {1}, .keepdims = true});
  auto const product = g.add_op<ops::mul>({difference, line});
  return optimised(g.returning(g.add_op<ops::softmax>({product}, {.axis = 1}), y));
}

constexpr ir::graph wide_operand_dies() {
  net g;
  auto const x = g.add_op<ops::softmax>({g.input(1, 16)}, {.axis = 1});
  auto const y = g.add_op<ops::add>({x, g.input(4, 16)});  // x broadcasts: it cannot lend its place
  return passes::fuse_elementwise{}(g.returning(y));
}

/// The epilogue adds what the kernel itself still reads.
constexpr ir::graph residual_of_its_own_operand() {
  net g;
  auto const x = g.add_op<ops::softmax>({g.input(4, 16)}, {.axis = 1});
  auto const y = g.add_op<ops::add>({linear(g, x, "w", 16), x});
  return optimised(g.returning(y));
}

constexpr ir::graph residual_of_another_value() {
  net g;
  auto const x = g.add_op<ops::softmax>({g.input(4, 16)}, {.axis = 1});
  auto const h = linear(g, x, "v", 32);
  auto const y = g.add_op<ops::add>({linear(g, h, "w", 16), x});
  return optimised(g.returning(y));
}

constexpr int in_place(ir::graph const& g) {
  plan::plan const p = plan::build(g);
  int n = 0;
  for (plan::step const& s : p.steps) {
    bool overwrites = false;
    for (int i = 0; i < s.operands.count; ++i) {
      auto const& from = p.locations[std::size_t(s.operands.first + i)];
      overwrites =
          overwrites || (from.place == plan::place::workspace && from.offset == s.result.offset);
    }
    n += overwrites;
  }
  return n;
}

constexpr bool one_packed_copy_for_two_readers() {
  net g;
  auto const w = g.weight("w", 8, 16), b = g.weight("b", 8);
  auto const x = g.add_op<ops::linear>({g.input(1, 16), w, b});
  auto const y = g.add_op<ops::linear>({g.input(3, 16), w, b});
  plan::plan const p = plan::build(g.returning(x, y));
  int packed = 0;
  for (plan::recipe const& r : p.recipes)
    packed += r.op == &ir::info_of<plan::pack_dense> || r.op == &ir::info_of<plan::pack_bias>;
  return p.steps.size() == 2 && packed == 2 && p.recipes.size() == 4;
}

constexpr bool folded_weights_are_recipes() {
  net g;
  auto const w = g.add_op<ops::mul>({g.weight("w", 8, 16), g.number(2)});
  plan::plan const p = plan::build(g.returning(g.add_op<ops::linear>({g.input(1, 16), w})));
  // w, the number, their product, the packed product; only the last is kept.
  int kept = 0;
  for (plan::recipe const& r : p.recipes) kept += r.weights_offset >= 0;
  return p.recipes.size() == 4 && kept == 1 && p.recipes[3].weights_offset == 0;
}

constexpr bool weights_can_be_results() {
  net g;
  g.input(1);
  plan::plan const p = plan::build(g.returning(g.add_op<ops::exp>({g.weight("w", 8)})));
  return p.steps.empty() && p.outputs[0].place == plan::place::weights && p.weights_bytes == 64;
}

constexpr bool flops_count_epilogues() {
  net g;
  auto const y = linear(g, g.input(3, 16), "w", 8);
  plan::plan const p = plan::build(optimised(g.returning(g.add_op<ops::relu>({y}))));
  return p.steps.size() == 1 && p.steps[0].flops == 2 * 3 * 8 * 16 + 3 * 8;
}

}  // namespace

TEST_CASE("equal layers share code, others do not", "[plan][build]") {
  STATIC_REQUIRE(equal_layers_share_code());
  STATIC_REQUIRE(layers_of_other_sizes_do_not());
  REQUIRE(equal_layers_share_code());
  REQUIRE(layers_of_other_sizes_do_not());
}

TEST_CASE("steps whose literals differ do not share code, not even by a sign of zero",
          "[plan][build]") {
  STATIC_REQUIRE(sums_share_code(0.5, 0.5));
  STATIC_REQUIRE_FALSE(sums_share_code(0.5, 0.25));
  STATIC_REQUIRE_FALSE(sums_share_code(0.0, -0.0));
  REQUIRE_FALSE(sums_share_code(0.0, -0.0));
}

TEST_CASE("views have the place of what they view, also those of inputs", "[plan][build]") {
  STATIC_REQUIRE(views_share_offsets());
  REQUIRE(views_share_offsets());
  checked_plan(with_views());
}

TEST_CASE("chains and residual nets take no more memory than they must", "[plan][build]") {
  auto const two_buffers = checked_plan(chain(8));
  REQUIRE(two_buffers.workspace_bytes == 2 * 64 * 4);
  REQUIRE(two_buffers.workspace_bytes == two_buffers.live_bytes);
  auto const blocks = checked_plan(residual_blocks(8));
  REQUIRE(blocks.workspace_bytes == blocks.live_bytes);
  REQUIRE(blocks.workspace_bytes == 4 * 4 * (64 + 128));
  STATIC_REQUIRE(plan::build(residual_blocks(3)).workspace_bytes == 4 * 4 * (64 + 128));
}

TEST_CASE("an elementwise step overwrites an operand that dies", "[plan][build]") {
  STATIC_REQUIRE(in_place(sum_of_dying_values()) == 2);  // the difference, then the product
  checked_plan(sum_of_dying_values());
  STATIC_REQUIRE(in_place(wide_operand_dies()) == 0);
  checked_plan(wide_operand_dies());
}

TEST_CASE("slices of neighbours lie within their value", "[plan][build]") {
  STATIC_REQUIRE(slices_of_neighbours_are_views());
  checked_plan(with_slices());
  STATIC_REQUIRE(in_place(sum_with_a_part()) == 0);
  checked_plan(sum_with_a_part());
}

TEST_CASE("an epilogue overwrites its operand unless the kernel still reads it", "[plan][build]") {
  STATIC_REQUIRE(in_place(residual_of_its_own_operand()) == 0);
  STATIC_REQUIRE(in_place(residual_of_another_value()) == 1);
  checked_plan(residual_of_its_own_operand());
  checked_plan(residual_of_another_value());
}

TEST_CASE("weights are packed once, folded at load, or results themselves", "[plan][build]") {
  STATIC_REQUIRE(one_packed_copy_for_two_readers());
  STATIC_REQUIRE(folded_weights_are_recipes());
  STATIC_REQUIRE(weights_can_be_results());
  REQUIRE(one_packed_copy_for_two_readers());
  REQUIRE(folded_weights_are_recipes());
  REQUIRE(weights_can_be_results());
}

TEST_CASE("the operations of a step are its own and its epilogue's", "[plan][build]") {
  STATIC_REQUIRE(flops_count_epilogues());
  REQUIRE(flops_count_epilogues());
}

TEST_CASE("no two values of a random graph overlap while both live", "[plan][build][random]") {
  constexpr plan::tile_policy everywhere{.least_bytes = 0, .tile_bytes = 64, .least_rows = 1};
  double worst = 1;
  int overwritten = 0;
  std::size_t tilings = 0;
  for (int seed = 0; seed < 600; ++seed) {
    INFO("seed " << seed);
    int const size = 4 + seed % 40;
    random_graph made(static_cast<std::uint64_t>(seed), seed % 2 ? dtype::f32 : dtype::f64);
    ir::graph const g = made.make(size);
    checked_plan(passes::dead_code{}(g));
    ir::graph const now = optimised(g);
    plan::plan const p = checked_plan(now);
    plan_check check(now, p);
    check.all();
    overwritten += check.in_place();
    tilings += checked_plan(now, {.depth_first = everywhere}).tilings.size();
    if (p.live_bytes > 0)
      worst = std::max(worst,
                       static_cast<double>(p.workspace_bytes) / static_cast<double>(p.live_bytes));
  }
  REQUIRE(overwritten > 20);
  REQUIRE(tilings > 100);
  REQUIRE(worst < 2);
}
