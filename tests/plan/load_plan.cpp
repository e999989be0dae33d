#include <etch/plan/load_plan.hpp>

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
