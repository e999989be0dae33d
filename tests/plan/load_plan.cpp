#include <etch/plan/load_plan.hpp>
#include <etch/plan/unread_parameters.hpp>

#include "plan_test.hpp"

namespace {

using namespace etch_test;
using kind = plan::load_step::kind;

constexpr plan::plan small_plan() {
  net g;
  auto const x = g.input(2, 16);
  auto const h = g.add_op<ops::linear>({x, g.weight("w", 8, 16), g.weight("b", 8)});
  return plan::build(optimised(g.returning(g.add_op<ops::mul>({h, g.weight("scale", 8)}))));
}

constexpr plan::sizes sizes = plan::sizes_of(small_plan());
constexpr auto whole = plan::freeze<sizes>(small_plan());
constexpr auto part = plan::load_plan_of(whole);

}  // namespace

TEST_CASE("the load-time part of a plan is its recipes, with the meanings of operators alone",
          "[plan][load_plan]") {
  STATIC_REQUIRE(part.steps.size() == whole.recipes.size());
  plan::load_view const view = part;
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < view.steps.size(); ++i) {
    plan::recipe const& r = whole.recipes[i];
    plan::load_step const& s = view.steps[i];
    CAPTURE(i);
    REQUIRE((s.what == kind::parameter) == (r.op == &ir::parameter_op));
    REQUIRE((s.what == kind::constant) == (r.op == &ir::constant_op));
    REQUIRE(s.reference == (s.what == kind::operation ? r.op->reference : nullptr));
    REQUIRE(s.type == r.type);
    REQUIRE(s.weights_offset == r.weights_offset);
    REQUIRE(s.operands.count == r.operands.count);
    for (int k = 0; k < s.operands.count; ++k) {
      auto const at = static_cast<std::size_t>(s.operands.first + k);
      REQUIRE(view.operands[at] == whole.locations[at].offset);
      REQUIRE(view.operands[at] < static_cast<int>(i));
    }
    if (s.what == kind::parameter) names.push_back(view.name_of(s));
  }
  REQUIRE(names.size() == 3);
  for (std::string_view name : {"w", "b", "scale"})
    REQUIRE(std::count(names.begin(), names.end(), name) == 1);
}

TEST_CASE("a parameter that no step needs is still one that the file may have",
          "[plan][load_plan]") {
  constexpr auto counts = [] {
    net written;
    auto const x = written.input(2, 16);
    auto const w = written.weight("w", 8, 16);
    written.add_op<ops::linear>({x, written.weight("unread", 4, 16)});
    ir::graph const graph = written.returning(written.add_op<ops::linear>({x, w}));
    plan::plan const small = plan::build(optimised(graph));
    plan::plan const full = plan::with_unread_parameters(small, graph);
    plan::plan const again = plan::with_unread_parameters(full, graph);
    plan::recipe const& added = full.recipes.back();
    bool const is_it = added.op == &ir::parameter_op && added.weights_offset == -1 &&
                       !added.is_read &&
                       added.type == ir::tensor_type{ir::dtype::f32, ir::shape{4, 16}} &&
                       std::string_view(full.text.data() + added.name.first,
                                        static_cast<std::size_t>(added.name.count)) == "unread";
    return std::array{small.recipes.size(), full.recipes.size(), again.recipes.size(),
                      static_cast<std::size_t>(is_it),
                      static_cast<std::size_t>(full.weights_bytes - small.weights_bytes)};
  }();
  STATIC_REQUIRE(counts[1] == counts[0] + 1);
  STATIC_REQUIRE(counts[2] == counts[1]);
  STATIC_REQUIRE(counts[3] == 1);
  STATIC_REQUIRE(counts[4] == 0);
}
