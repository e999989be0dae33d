#include <etch/passes/pipeline.hpp>

#include <string>
#include <vector>

#include "pass_test.hpp"

namespace {

using namespace etch_test;

constexpr auto all = [](std::string_view) { return true; };
constexpr auto nobody = [](auto const&...) {};
constexpr int every = 1000;

/// relu(2 (x W + b)) behind dropout, and what nothing reads.
constexpr ir::graph example() {
  net g;
  auto const x = g.add_op<ops::identity>({ir::add_input(g, f32(5, 3), "x")});
  auto const y = g.add_op<ops::linear>({x, g.weight("w", 4, 3), g.weight("b", 4)});
  g.add_op<ops::tanh>({y});
  auto const z = g.add_op<ops::relu>({g.add_op<ops::mul>({g.number(2), y})});
  g.output_names.push_back(g.add_text("z"));
  return g.returning(z);
}

constexpr bool ends_in_one_step() {
  ir::graph const now = passes::standard::run(example(), every, all, nobody);
  ir::node const& last = now[now.outputs[0]];
  return last.op == &ir::info_of<ops::linear> && last.region >= 0 &&
         now.region_of(last).size() == 2 && now.name_of(0) == "x" &&
         now.text_of(now.output_names[0]) == "z";
}

/// The first literal that stands left of a value: nothing else has to be changed in this graph.
constexpr ir::graph literal_on_the_left() {
  net g;
  auto const y = g.add_op<ops::linear>({g.input(5, 3), g.weight("w", 4, 3)});
  return g.returning(g.add_op<ops::mul>({g.number(2), y}));
}

constexpr bool a_swap_is_kept() {
  ir::graph const now = passes::standard::run(literal_on_the_left(), every, all, nobody);
  return now[now.outputs[0]].op == &ir::info_of<ops::linear>;
}

/// Names of the passes that changed something, in order.
template <class Pipeline, class Runs>
std::vector<std::string> changed_by(ir::graph const& before, int stop_after, Runs const& runs) {
  std::vector<std::string> names;
  Pipeline::run(before, stop_after, runs,
                [&](std::string_view name, auto const&, auto const&) { names.emplace_back(name); });
  return names;
}

using small = passes::pipeline<passes::strip_identity, passes::canonicalize, passes::dead_code>;
using names = std::vector<std::string>;

/// Takes the operand of every relu away.
struct broken {
  static constexpr std::string_view name = "broken";
  constexpr ir::graph operator()(ir::graph const& before) const {
    ir::rewriter to(before);
    for (ir::node_id id = 0; id < before.size(); ++id) {
      ir::node_id const added = to.copy(id);
      if (before[id].op == &ir::info_of<ops::relu>) {
        --to.after[added].inputs.count;
        to.note_change();
      }
    }
    return to.finish();
  }
};

/// Gives every value the shape [1].
struct flattening {
  static constexpr std::string_view name = "flattening";
  constexpr ir::graph operator()(ir::graph const& before) const {
    ir::rewriter to(before);
    for (ir::node_id id = 0; id < before.size(); ++id) {
      to.after[to.copy(id)].type = f32(1);
      to.note_change();
    }
    return to.finish();
  }
};

template <class Pass>
std::string complaint() {
  try {
    passes::pipeline<Pass>::run(example(), every, all, nobody);
  } catch (char const* problem) {
    return problem;
  }
  return "none";
}

}  // namespace

TEST_CASE("the standard pipeline makes an affine layer one step and keeps names",
          "[passes][pipeline]") {
  STATIC_REQUIRE(ends_in_one_step());
  REQUIRE(ends_in_one_step());
  ir::graph const now = passes::standard::run(example(), every, all, nobody);
  require_same_meaning(example(), now, 1e-5);
}

TEST_CASE("a pass that only swaps operands has changed the graph", "[passes][pipeline]") {
  STATIC_REQUIRE(a_swap_is_kept());
  REQUIRE(a_swap_is_kept());
}

TEST_CASE("every pass of the standard pipeline is known by its name", "[passes][pipeline]") {
  STATIC_REQUIRE(passes::standard::has("fold_affine"));
  STATIC_REQUIRE_FALSE(passes::standard::has("fold"));
  STATIC_REQUIRE_FALSE(passes::standard::has(""));
  for (std::string_view name : passes::standard::names) REQUIRE(passes::standard::has(name));
  REQUIRE(passes::standard::size == std::size(passes::standard::names));
}

TEST_CASE("a pipeline tells which passes changed something", "[passes][pipeline]") {
  REQUIRE(changed_by<small>(example(), every, all) ==
          names{"strip_identity", "canonicalize", "dead_code"});
  ir::graph const clean = small::run(example(), every, all, nobody);
  REQUIRE(changed_by<small>(clean, every, all).empty());
}

TEST_CASE("a pass is switched off by its name", "[passes][pipeline]") {
  auto const no_strip = [](std::string_view name) { return name != "strip_identity"; };
  REQUIRE(changed_by<small>(example(), every, no_strip) == names{"canonicalize", "dead_code"});
  ir::graph const now = small::run(example(), every, no_strip, nobody);
  REQUIRE(count<ops::identity>(now) == 1);
  // Whatever one pass leaves behind, the others still do right.
  for (std::string_view off : passes::standard::names) {
    INFO("without " << off);
    auto const runs = [&](std::string_view name) { return name != off; };
    ir::graph const rest = passes::standard::run(example(), every, runs, nobody);
    require_same_meaning(example(), rest, 1e-5);
  }
}

TEST_CASE("a pipeline stops after the first n passes", "[passes][pipeline]") {
  REQUIRE(changed_by<small>(example(), 0, all).empty());
  REQUIRE(changed_by<small>(example(), 1, all) == names{"strip_identity"});
  REQUIRE(changed_by<small>(example(), 2, all) == names{"strip_identity", "canonicalize"});
  // A pass that is off counts, so that n means the same pass.
  auto const no_strip = [](std::string_view name) { return name != "strip_identity"; };
  REQUIRE(changed_by<small>(example(), 2, no_strip) == names{"canonicalize"});
  for (int n = 0; n <= passes::standard::size; ++n) {
    INFO("after " << n);
    require_same_meaning(example(), passes::standard::run(example(), n, all, nobody), 1e-5);
  }
}

TEST_CASE("the watcher sees the graph before and after each pass", "[passes][pipeline]") {
  std::string last = ir::to_text(example());
  ir::graph const now = passes::standard::run(
      example(), every, all,
      [&](std::string_view, ir::graph const& before, ir::graph const& after_it) {
        REQUIRE(ir::to_text(before) == last);
        last = ir::to_text(after_it);
      });
  REQUIRE(ir::to_text(now) == last);
}

TEST_CASE("a pipeline verifies what each pass made", "[passes][pipeline]") {
  REQUIRE(complaint<passes::dead_code>() == "none");
  REQUIRE(complaint<broken>() == "etch: verify: the number of operands is wrong");
  REQUIRE(complaint<flattening>() != "none");
}
