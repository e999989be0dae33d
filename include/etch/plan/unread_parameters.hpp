#pragma once

#include <etch/ir/builtin.hpp>
#include <etch/plan/plan.hpp>

namespace etch::plan {

/// Adds to a plan the parameters that the model names and that no step or recipe needs: a file may
/// have them, whatever the passes have left of the model.
constexpr plan with_unread_parameters(plan to, ir::graph const& written) {
  std::size_t const recipes = to.recipes.size();
  std::size_t named = 0, planned = 0;
  for (ir::node const& n : written.nodes) named += ir::is(n, ir::parameter_op);
  for (recipe const& r : to.recipes) planned += r.op == &ir::parameter_op;
  if (named == planned) return to;

  auto const is_planned = [&](std::string_view name) {
    for (std::size_t i = 0; i < recipes; ++i) {
      recipe const& r = to.recipes[i];
      if (r.op == &ir::parameter_op && to.text_of(r.name) == name) return true;
    }
    return false;
  };
  for (ir::node const& n : written.nodes) {
    if (!ir::is(n, ir::parameter_op) || is_planned(written.text_of(n.name))) continue;
    recipe added;
    added.op = &ir::parameter_op;
    added.type = n.type;
    added.is_read = false;
    added.name = to.add_text(written.text_of(n.name));
    to.recipes.push_back(added);
  }
  return to;
}

}  // namespace etch::plan
