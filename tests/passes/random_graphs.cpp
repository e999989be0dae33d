#include <etch/passes/pipeline.hpp>

#include "pass_test.hpp"
#include "support/random_graph.hpp"

// Every pass on graphs that nobody thought of. They compute in double, so that no rounding of a
// pass turns a comparison around.

namespace {

using namespace etch_test;

constexpr int graphs = 150;

template <class Pass>
void require_sound_on_random_graphs(double tolerance) {
  for (int seed = 0; seed < graphs; ++seed) {
    INFO("seed " << seed);
    ir::graph const g = random_graph(static_cast<std::uint64_t>(seed), dtype::f64).make(16);
    require_sound<Pass>(passes::dead_code{}(g), tolerance);  // readers that are dead still count
  }
}

constexpr auto all = [](std::string_view) { return true; };

}  // namespace

TEST_CASE("exact passes keep every bit of random graphs", "[passes][random]") {
  require_sound_on_random_graphs<passes::dead_code>(0);
  require_sound_on_random_graphs<passes::strip_identity>(0);
  require_sound_on_random_graphs<passes::fold_literals>(0);
  require_sound_on_random_graphs<passes::common_subexpressions>(0);
  require_sound_on_random_graphs<passes::fuse_epilogue>(0);
  require_sound_on_random_graphs<passes::fuse_elementwise>(0);
}

TEST_CASE("passes that round keep the meaning of random graphs", "[passes][random]") {
  require_sound_on_random_graphs<passes::canonicalize>(1e-10);
  require_sound_on_random_graphs<passes::expand_batch_norm>(1e-10);
  require_sound_on_random_graphs<passes::expand_conv_transpose>(1e-10);
  require_sound_on_random_graphs<passes::fold_affine>(1e-10);
  require_sound_on_random_graphs<passes::channels_last>(1e-10);
  require_sound_on_random_graphs<passes::last_axis>(1e-10);
}

TEST_CASE("the pipeline keeps the meaning of random graphs after each of its passes",
          "[passes][random]") {
  for (int seed = 1000; seed < 1000 + 2 * graphs; ++seed) {
    INFO("seed " << seed);
    ir::graph const before = random_graph(static_cast<std::uint64_t>(seed), dtype::f64).make(24);
    INFO(ir::to_text(before));
    auto const watch = [&](std::string_view name, ir::graph const&, ir::graph const& now) {
      INFO("after " << name << '\n' << ir::to_text(now));
      REQUIRE(ir::problem_of(now) == nullptr);
      require_same_meaning(before, now, 1e-9);
    };
    ir::graph const now = passes::standard::run(before, 1000, all, watch);
    REQUIRE(ir::to_text(passes::dead_code{}(now)) == ir::to_text(now));
  }
}
