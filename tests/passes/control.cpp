#include <etch/eager/interpreter.hpp>
#include <etch/passes/dead_results.hpp>
#include <etch/passes/hoist.hpp>
#include <etch/passes/pipeline.hpp>
#include <etch/passes/unroll.hpp>
#include <etch/plan/build.hpp>

#include "pass_test.hpp"
#include "support/random_loop.hpp"

// Passes on loops and branches, and inside them.

namespace {

using namespace etch_test;

constexpr auto all = [](std::string_view) { return true; };

/// The outputs by the interpreter, which has its own idea of loops.
std::vector<value> interpreted(ir::graph const& g) {
  std::vector<etch::eager::tensor> inputs;
  auto const numbers = random_inputs(g, 7);
  for (value const& each : numbers)
    inputs.push_back(etch::eager::tensor::borrow(each.type, each.ref().data));
  etch::eager::interpreter run(g, etch::eager::arithmetic::reference);
  std::vector<value> weights;
  for (ir::node_id id : run.parameters()) {
    value const w = random_value(g[id].type, etch::core::hash_text(g.name_of(id)), false);
    etch::eager::tensor copy(w.type);
    std::memcpy(copy.data(), w.ref().data, static_cast<std::size_t>(w.type.bytes()));
    run.bind(g.name_of(id), copy);
  }
  std::vector<value> results;
  for (auto const& each : run(inputs)) {
    value copy(each.type());
    std::memcpy(copy.ref().data, each.data(), static_cast<std::size_t>(each.type().bytes()));
    results.push_back(copy);
  }
  return results;
}

/// sum of x W along the rows of x, and a result that nobody reads.
constexpr ir::graph sum_of_products(std::int64_t length, std::int64_t width) {
  net g;
  auto const x = g.input(length, 1, 32), h = g.input(1, width), w = g.weight("w", width, 32);
  ir::graph body;
  auto const carried = ir::add_input(body, f32(1, width)), row = ir::add_input(body, f32(1, 32));
  auto const inside = ir::add_input(body, f32(width, 32)),
             same = ir::add_input(body, f32(1, width));
  auto const product = ir::emit<ops::linear>(body, {row, inside});
  auto const scale = ir::emit<ops::exp>(body, {same});
  auto const scaled = ir::emit<ops::mul>(body, {product, scale});
  auto const next = ir::emit<ops::add>(body, {carried, scaled});
  body.outputs = {next, next, carried};
  std::array const operands{h, x, w, h};
  auto const scan = ir::add_control<ir::builtin::scan>(g, ir::scan_op, operands,
                                                       {1, 1, length, false, false}, {&body, 1});
  auto const last = ir::add_result(g, scan, 0), rows = ir::add_result(g, scan, 1);
  ir::mark_captured_weights(g);
  return g.returning(last, rows);
}

constexpr int count_in_body(ir::graph const& g, ir::op_info const& op) {
  for (ir::node const& n : g.nodes)
    if (ir::is(n, ir::scan_op)) return count(g.region_of(n), op);
  return -1;
}

constexpr bool hoists_what_does_not_change() {
  ir::graph const g = after<passes::hoist>(sum_of_products(12, 64));
  return count<ops::exp>(g) == 1 && count<ops::linear>(g) == 1 &&
         count_in_body(g, ir::info_of<ops::linear>) == 0 &&
         count_in_body(g, ir::info_of<ops::exp>) == 0;
}

constexpr bool computes_long_sequences_in_blocks() {
  ir::graph const g = after<passes::hoist>(sum_of_products(1000, 64));
  return count<ops::linear>(g) == 0 && count_in_body(g, ir::info_of<ops::linear>) == 1 &&
         count_in_body(g, ir::scan_op) == 1;
}

constexpr bool leaves_small_products() {
  ir::graph const g = after<passes::hoist>(sum_of_products(12, 8));
  return count<ops::linear>(g) == 0 && count<ops::exp>(g) == 1;
}

constexpr bool drops_dead_results() {
  ir::graph const g = after<passes::dead_results>(sum_of_products(12, 8));
  for (ir::node const& n : g.nodes)
    if (ir::is(n, ir::scan_op)) return g.region_of(n).outputs.size() == 2;
  return false;
}

/// x doubled `length` times, and the number of the turn added.
constexpr ir::graph doublings(std::int64_t length) {
  net g;
  auto const x = g.input(4);
  ir::graph body;
  auto const turn = ir::add_input(body, {dtype::i32, {}}), carried = ir::add_input(body, f32(4));
  auto const number = ir::emit<ops::cast>(body, {turn}, {.to = static_cast<int>(dtype::f32)});
  auto const twice = ir::emit<ops::add>(body, {carried, carried});
  body.outputs.push_back(ir::emit<ops::add>(body, {twice, number}));
  auto const loop = ir::add_control<ir::builtin::scan>(g, ir::scan_op, {&x, 1},
                                                       {1, 0, length, false, true}, {&body, 1});
  return g.returning(ir::add_result(g, loop, 0));
}

constexpr bool unrolls_short_loops() {
  ir::graph const g = after<passes::unroll>(doublings(5));
  return count(g, ir::scan_op) == 0 && count<ops::add>(g) == 10;
}

}  // namespace

TEST_CASE("unroll writes short loops out", "[passes][control]") {
  STATIC_REQUIRE(unrolls_short_loops());
  require_sound<passes::unroll>(doublings(5));
  require_unchanged<passes::unroll>(doublings(100));
  require_unchanged<passes::unroll>(sum_of_products(4, 8));
}

TEST_CASE("hoist computes in front of a loop what does not change in it", "[passes][control]") {
  STATIC_REQUIRE(hoists_what_does_not_change());
  STATIC_REQUIRE(leaves_small_products());
  require_sound<passes::hoist>(sum_of_products(12, 64));
}

TEST_CASE("hoist computes the products of a long sequence block by block", "[passes][control]") {
  STATIC_REQUIRE(computes_long_sequences_in_blocks());
  require_sound<passes::hoist>(sum_of_products(1000, 64));
  require_sound<passes::hoist>(sum_of_products(1009, 64));  // a prime: all at once
}

TEST_CASE("dead_results drops what nobody reads", "[passes][control]") {
  STATIC_REQUIRE(drops_dead_results());
  require_sound<passes::dead_results>(sum_of_products(12, 8));
}

TEST_CASE("random loops and branches are the same for two interpreters", "[passes][control]") {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    INFO("seed " << seed);
    ir::graph const g = random_loops(seed).make(2);
    INFO(ir::to_text(g));
    REQUIRE(ir::problem_of(g) == nullptr);
    auto const one = evaluate(g, random_inputs(g, 7)), other = interpreted(g);
    for (std::size_t i = 0; i < one.size(); ++i) REQUIRE(one[i].same_bytes(other[i]));
  }
}

TEST_CASE("passes of control keep every bit of random loops", "[passes][control]") {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    INFO("seed " << seed);
    ir::graph const g = passes::dead_code{}(random_loops(seed).make(2));
    ir::graph lean = g;  // what one round stops reading is for the next
    for (int round = 0; round < 6; ++round)
      lean = passes::dead_code{}(passes::dead_results{}(lean));
    require_same_meaning(g, lean, 0);
    require_sound<passes::dead_results>(lean);
    require_sound<passes::hoist>(g);
    require_sound<passes::unroll>(g);
  }
}

TEST_CASE("the pipeline keeps the meaning of random loops after each of its passes",
          "[passes][control]") {
  for (std::uint64_t seed = 200; seed < 350; ++seed) {
    INFO("seed " << seed);
    ir::graph const before = random_loops(seed).make(3);
    INFO(ir::to_text(before));
    auto const watch = [&](std::string_view name, ir::graph const&, ir::graph const& now) {
      INFO("after " << name << '\n' << ir::to_text(now));
      REQUIRE(ir::problem_of(now) == nullptr);
      require_same_meaning(before, now, 1e-5);
    };
    ir::graph const now = passes::standard::run(before, 1000, all, watch);
    REQUIRE(etch::plan::build(now).workspace_bytes > 0);
  }
}
