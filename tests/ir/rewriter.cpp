#include <etch/ir/rewriter.hpp>

#include <string>

#include <etch/ir/print.hpp>
#include <etch/ir/verify.hpp>

#include "catch.hpp"
#include "ir/ir_test.hpp"

namespace {

using namespace etch_test;
using ir::f32;

/// %4 is dead, %5 reads the input twice, %6 is an output with a name.
constexpr ir::graph sample() {
  ir::graph g;
  auto const x = ir::add_input(g, f32(3), "x");
  auto const w = ir::add_parameter(g, f32(3), "w");
  auto const c = ir::add_constant(g, f32(), 4.0);
  auto const scale = add<scaled>(g, {w}, f32(3), {.factor = 0.5});
  add<scaled>(g, {x}, f32(3));
  auto const twice = add<plus>(g, {x, x}, f32(3));
  auto const sum = add<plus>(g, {twice, scale}, f32(3));
  g.outputs.push_back(add<plus>(g, {sum, c}, f32(3)));
  g.output_names.push_back(g.add_text("y"));
  return g;
}

constexpr ir::graph copied(ir::graph const& before) {
  ir::rewriter to(before);
  for (ir::node_id id = 0; id < before.size(); ++id) to.copy(id);
  return to.finish();
}

/// Without the dead node, and with the doubled input computed by `scaled`.
constexpr ir::graph rewritten() {
  ir::graph const before = sample();
  ir::rewriter to(before);
  for (ir::node_id id = 0; id < before.size(); ++id) {
    if (id == 4) continue;
    if (id == 5)
      to.put(id, add<scaled>(to.after, {to[0]}, f32(3)));
    else
      to.copy(id);
  }
  return to.finish();
}

constexpr bool a_dropped_node_is_known() {
  ir::graph const before = sample();
  ir::rewriter to(before);
  to.copy(0);
  return to.has(0) && !to.has(1) && to[0] == 0;
}

constexpr bool knows_what_depends_on_weights_alone() {
  auto const known = ir::weight_only(sample());
  return known == etch::core::list<bool>{false, true, true, true, false, false, false, false};
}

constexpr bool counts_the_readers() {
  return ir::count_reads(sample()) == etch::core::list<int>{3, 1, 1, 1, 0, 1, 1, 1};
}

constexpr bool keeps_inputs_in_any_case() {
  ir::graph const before = sample();
  etch::core::list<bool> kept(before.nodes.size(), false);
  kept[1] = kept[3] = true;
  ir::graph needs_only_weights = before;
  needs_only_weights.outputs[0] = 3;
  ir::graph const after = ir::keep(needs_only_weights, kept);
  return after.size() == 3 && after.inputs.size() == 1 && after.name_of(0) == "x" &&
         after.outputs[0] == 2 && after.name_of(1) == "w";
}

}  // namespace

TEST_CASE("copying every node gives the same graph", "[ir][rewriter]") {
  STATIC_REQUIRE(copied(sample()).size() == sample().size());
  REQUIRE(ir::to_text(copied(sample())) == ir::to_text(sample()));
}

TEST_CASE("nodes are dropped and replaced, and operands follow", "[ir][rewriter]") {
  STATIC_REQUIRE(ir::problem_of(rewritten()) == nullptr);
  REQUIRE(ir::to_text(rewritten()) == R"((%0 'x' : f32[3]) {
  %1 = parameter 'w' : f32[3]
  %2 = constant(4) : f32[]
  %3 = scaled(%1, 0.5) : f32[3]
  %4 = scaled(%0, 2) : f32[3]
  %5 = plus(%4, %3) : f32[3]
  %6 = plus(%5, %2) : f32[3]
  return %6 'y'
}
)");
}

TEST_CASE("a rewriter knows what it has dropped, and refuses to read it", "[ir][rewriter]") {
  STATIC_REQUIRE(a_dropped_node_is_known());
  ir::graph const before = sample();
  ir::rewriter to(before);
  std::string text;
  try {
    to.copy(3);
  } catch (char const* problem) {
    text = problem;
  }
  REQUIRE(text == "etch: ir: a node that was dropped is read");
}

TEST_CASE("the region of a node is copied with it", "[ir][rewriter]") {
  ir::graph body;
  body.outputs.push_back(add<scaled>(body, {ir::add_input(body, f32())}, f32()));
  ir::graph g;
  auto const x = ir::add_input(g, f32(4));
  for (int i = 0; i < 2; ++i) {
    std::array const operands{x};
    auto const fused = g.add(ir::fused_op, f32(4), operands);
    g[fused].region = g.add_region(body);
    g.outputs.push_back(fused);
  }
  REQUIRE(ir::to_text(copied(g)) == ir::to_text(g));
}

TEST_CASE("keep leaves inputs where they are", "[ir][rewriter]") {
  STATIC_REQUIRE(keeps_inputs_in_any_case());
  REQUIRE(keeps_inputs_in_any_case());
}

TEST_CASE("readers are counted, outputs among them", "[ir][rewriter]") {
  STATIC_REQUIRE(counts_the_readers());
  REQUIRE(counts_the_readers());
}

TEST_CASE("weight_only finds what no input reaches", "[ir][rewriter]") {
  STATIC_REQUIRE(knows_what_depends_on_weights_alone());
  REQUIRE(knows_what_depends_on_weights_alone());
}

TEST_CASE("the revision of a graph goes up when something changed", "[ir][rewriter]") {
  REQUIRE(copied(sample()).revision == sample().revision);
  REQUIRE(rewritten().revision == sample().revision + 1);
}
