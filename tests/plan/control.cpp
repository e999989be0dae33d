#include <etch/plan/build.hpp>

#include "plan_meaning.hpp"
#include "plan_test.hpp"
#include "support/random_loop.hpp"

// Plans with loops and branches keep each value until it was read for the last time.

namespace {

using namespace etch_test;

constexpr plan::settings no_tiles{.depth_first = {.on = false}};

bool keeps_its_values(ir::graph const& g, plan::plan const& p) {
  return plan_meaning(g, p).agrees_with(g);
}

}  // namespace

TEST_CASE("plans of random loops and branches keep what is still read", "[plan][control][random]") {
  std::size_t controls = 0, nested = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    INFO("seed " << seed);
    ir::graph const before = passes::dead_code{}(random_loops(seed).make(2));
    for (ir::graph const& g : {before, optimised(before)}) {
      plan::plan const p = plan::build(g, no_tiles);
      REQUIRE(keeps_its_values(g, p));
      controls += p.controls.size();
      for (plan::step const& s : p.steps) nested += s.depth > 1;
    }
  }
  CHECK(controls > 500);
  CHECK(nested > 200);
}

TEST_CASE("the check of plans sees values that are overwritten too early", "[plan][control]") {
  int seen = 0, tried = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    ir::graph const g = optimised(random_loops(seed).make(2));
    plan::plan const p = plan::build(g, no_tiles);
    for (std::size_t s = 0; s < p.steps.size(); ++s) {
      if (p.steps[s].control >= 0 || p.steps[s].result.place != plan::place::workspace) continue;
      plan::plan broken = p;
      broken.steps[s].result.offset = (p.steps[s].result.offset + 64) % p.workspace_bytes;
      seen += !keeps_its_values(g, broken);
      ++tried;
    }
  }
  REQUIRE(tried > 150);
  CHECK(seen > tried / 2);  // the others are in branches that do not run, or nobody reads them
}
