#pragma once

#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>

#include <etch/compile.hpp>
#include <etch/runtime/explain_passes.hpp>
#include <etch/runtime/explain_steps.hpp>

namespace etch {

/// What `explain` tells beyond the steps.
struct explain_options {
  bool traced = true;     ///< the graph as written
  bool passes = true;     ///< what each pass changed
  bool graphs = false;    ///< the whole graph after each pass that changed it
  bool optimised = true;  ///< the graph that is planned
};

namespace runtime {

/// The passes that the model's options keep from running, one line each.
inline std::string passes_left_out(options const& compiled_with) {
  using passes::standard;
  std::string text;
  for (std::size_t i = 0; i < std::size(standard::names); ++i) {
    std::string_view const name = standard::names[i];
    bool named_before = false;
    for (std::size_t k = 0; k < i; ++k) named_before = named_before || standard::names[k] == name;
    if (!named_before && !etch::detail::runs(compiled_with, name))
      text += "  " + std::string(name) + ": off\n";
  }
  if (compiled_with.stop_after < standard::size)
    text += "  no more than the first " + std::to_string(compiled_with.stop_after) + " of " +
            std::to_string(standard::size) + " passes run\n";
  return text;
}

/// Optimises and plans a model's graph once more, by the code that the compiler ran, and tells what
/// happens.
inline std::string explain(ir::graph const& traced, options const& compiled_with,
                           explain_options const& show) {
  std::string text, changes;
  if (show.traced) text += "traced:\n" + ir::to_text(traced) + '\n';
  ir::graph const optimised = passes::standard::run(
      traced, compiled_with.stop_after,
      [&](std::string_view name) { return etch::detail::runs(compiled_with, name); },
      [&](std::string_view name, ir::graph const& before, ir::graph const& after) {
        if (show.passes) changes += "  " + describe_change(name, before, after) + '\n';
        if (show.graphs) changes += ir::to_text(after);
      });
  if (show.passes) changes = "passes:\n" + passes_left_out(compiled_with) + changes;
  if (!changes.empty()) text += changes + '\n';
  if (show.optimised) text += "optimised:\n" + ir::to_text(optimised) + '\n';
  plan::plan const plan =
      plan::build(optimised, {compiled_with.numerics, compiled_with.depth_first});
  step_table const steps(plan);
  return text + "steps:\n" + steps.text() + '\n' + steps.totals() +
         describe_outputs(plan, optimised);
}

}  // namespace runtime

/// explain<Model>(): what became of a model on its way to code: the graph as traced; what each pass
/// changed; the optimised graph; the steps with kernels, shapes, operations, bytes and places; the
/// memory that weights and a session take. Traces, optimises and plans once more, at run time, so
/// it also explains models that `require_vector` refuses.
template <class Model>
std::string explain(explain_options const& show = {}) {
  return runtime::explain(Model::trace(), Model::used_options, show);
}

/// print<Model>(): the same to the standard output, or to another file.
template <class Model>
void print(explain_options const& show = {}, std::FILE* to = stdout) {
  std::string const text = explain<Model>(show);
  std::fwrite(text.data(), 1, text.size(), to);
}

}  // namespace etch
