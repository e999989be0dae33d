// Random graphs mean the same before and after the passes.

#include <etch/eager/interpreter.hpp>
#include <etch/ir/print.hpp>
#include <etch/passes/pipeline.hpp>

#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/grow_graph.hpp"
#include "support/random_values.hpp"

namespace {

using namespace etch;
using namespace etch_test;

constexpr int seeds = 400;

std::vector<eager::tensor> run(ir::graph const& g, std::uint64_t seed, eager::arithmetic how) {
  eager::interpreter run(g, how);
  for (ir::node_id id : run.parameters())
    run.bind(g.name_of(id), random_parameter(g[id].type, g.name_of(id), seed));
  std::vector<eager::tensor> inputs;
  for (ir::node_id in : g.inputs) inputs.push_back(random_tensor(g[in].type, seed + inputs.size()));
  return run(inputs);
}

/// The first pass after which a graph means something else, and the graphs around it.
std::string culprit(ir::graph const& g, std::uint64_t seed, double tolerance) {
  auto const expected = run(g, seed, eager::arithmetic::reference);
  std::string report;
  passes::standard::run(
      g, std::numeric_limits<int>::max(), [](std::string_view) { return true; },
      [&](std::string_view name, ir::graph const& before, ir::graph const& after) {
        if (!report.empty()) return;
        auto const found = run(after, seed, eager::arithmetic::reference);
        for (std::size_t i = 0; i < expected.size(); ++i) {
          if (difference(expected[i], found[i]) <= tolerance) continue;
          report = std::string(name) + " changes output " + std::to_string(i) + ":\n" +
                   ir::to_text(before) + "becomes\n" + ir::to_text(after);
        }
      });
  return report;
}

void same_before_and_after(grow_options const& options, double tolerance, eager::arithmetic how) {
  for (int seed = 0; seed < seeds; ++seed) {
    auto const number = static_cast<std::uint64_t>(seed);
    ir::graph const before = grow_graph(number, options);
    CAPTURE(seed);
    ir::graph after = before;
    try {
      after = passes::standard::run(
          before, std::numeric_limits<int>::max(), [](std::string_view) { return true; },
          [](auto const&...) {});
    } catch (char const* why) {
      FAIL(why << "\n" << ir::to_text(before));
    }
    auto const expected = run(before, number, how), found = run(after, number, how);
    REQUIRE(expected.size() == found.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CAPTURE(i);
      REQUIRE(expected[i].type() == found[i].type());
      double const error = difference(expected[i], found[i]);
      if (!(error <= tolerance)) FAIL(error << "; " << culprit(before, number, tolerance));
    }
  }
}

TEST_CASE("400 random graphs of doubles mean the same after all passes", "[eager]") {
  same_before_and_after({.type = ir::dtype::f64, .most_nodes = 24, .jumps = true}, 1e-11,
                        eager::arithmetic::reference);
}

TEST_CASE("400 random graphs of floats mean the same after all passes, computed by Eigen",
          "[eager]") {
  same_before_and_after({.type = ir::dtype::f32, .most_nodes = 16}, 2e-4, eager::arithmetic::eigen);
}

TEST_CASE("Eigen and the references agree on 400 random graphs", "[eager]") {
  for (int seed = 0; seed < seeds; ++seed) {
    auto const number = static_cast<std::uint64_t>(seed) + 10'000;
    ir::graph const g = grow_graph(number, {.type = ir::dtype::f64, .most_nodes = 20});
    auto const expected = run(g, number, eager::arithmetic::reference),
               found = run(g, number, eager::arithmetic::eigen);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CAPTURE(seed, i, ir::to_text(g));
      REQUIRE(difference(expected[i], found[i]) <= 1e-11);
    }
  }
}

}  // namespace
