#pragma once

#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <etch/compile.hpp>
#include <etch/ir/print.hpp>
#include <etch/runtime/text_table.hpp>

namespace etch {

/// What `explain` tells beyond the steps.
struct explain_options {
  bool traced = true;     ///< the graph as written
  bool passes = true;     ///< what each pass changed
  bool graphs = false;    ///< the whole graph after each pass that changed it
  bool optimised = true;  ///< the graph that was planned
};

namespace runtime {

/// How often each operator stands in a graph, regions included.
inline void count_operators(ir::graph const& g, std::map<std::string, int>& counts) {
  for (ir::node const& n : g.nodes) {
    if (!ir::is(n, ir::input_op)) ++counts[std::string(n.op->key.view())];
    if (n.region >= 0) count_operators(g.region_of(n), counts);
  }
}

/// "fold_affine: 31 -> 27 nodes; - 4 mul, + 2 linear"
inline std::string describe_change(std::string_view pass, ir::graph const& before,
                                   ir::graph const& after) {
  std::map<std::string, int> counts;
  count_operators(after, counts);
  std::map<std::string, int> gone;
  count_operators(before, gone);
  for (auto const& [name, count] : gone) counts[name] -= count;
  std::string text(pass);
  text += ": " + std::to_string(before.size()) + " -> " + std::to_string(after.size()) + " nodes";
  char const* separator = "; ";
  for (auto const& [name, count] : counts) {
    if (count == 0) continue;
    text += separator;
    text += count < 0 ? "- " : "+ ";
    text += std::to_string(count < 0 ? -count : count) + ' ' + name;
    separator = ", ";
  }
  return text + '\n';
}

/// "conv2d + add + relu": the operator of a step and what is fused into it.
template <class Plan>
std::string name_of_step(Plan const& plan, plan::step const& step) {
  std::string name(step.op->key.view());
  bool const chain = step.op == &ir::fused_op;
  if (chain) name.clear();
  for (int i = 0; i < step.program.count; ++i) {
    auto const& at = plan.instructions[static_cast<std::size_t>(step.program.first + i)];
    if (at.what != plan::instruction::kind::operation) continue;
    if (!name.empty()) name += " + ";
    name += at.op->key.view();
  }
  return name;
}

inline std::string name_of_place(plan::location const& at) {
  switch (at.place) {
    case plan::place::input:
      return "input " + std::to_string(at.offset);
    case plan::place::weights:
      return "weights " + std::to_string(at.offset);
    default:
      return "at " + std::to_string(at.offset);
  }
}

/// The table of steps and the totals.
template <class Plan>
std::string describe_steps(Plan const& plan) {
  text_table table({"step", "computes", "kernel", "result", "flops", "bytes", "reads", "writes"});
  std::int64_t flops = 0;
  int loops = 0;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    plan::step const& step = plan.steps[i];
    std::int64_t bytes = step.result.type.bytes();
    std::string reads;
    for (int k = 0; k < step.operands.count; ++k) {
      plan::location const& from = plan.operand(step, k);
      bytes += from.type.bytes();
      if (k > 0) reads += ", ";
      reads += name_of_place(from);
    }
    std::string kernel(step.kernel.view());
    if (step.kernel == ir::op_key("reference")) {
      kernel = "PLAIN LOOPS";
      ++loops;
    } else if (step.same_as != static_cast<int>(i)) {
      kernel += " (code of step " + std::to_string(step.same_as) + ")";
    }
    flops += step.flops;
    table.add({std::to_string(i), name_of_step(plan, step), kernel, ir::to_string(step.result.type),
               std::to_string(step.flops), std::to_string(bytes), reads,
               name_of_place(step.result)});
  }
  std::string text = table.text();
  text += "flops " + std::to_string(flops);
  text += ", weights " + std::to_string(plan.weights_bytes) + " bytes";
  text += ", workspace " + std::to_string(plan.workspace_bytes) + " bytes (largest live set " +
          std::to_string(plan.live_bytes) + ")\n";
  if (loops > 0)
    text += std::to_string(loops) + " of the steps have no vector kernel: they are plain loops\n";
  return text;
}

}  // namespace runtime

/// explain<Model>(): the graph as traced, what each pass changed, the optimised graph and the steps
/// with shapes, FLOPs, bytes, kernels and the places of buffers. Traces and optimises once more, at
/// run time, by the code that the compiler ran.
template <class Model>
std::string explain(explain_options const& show = {}) {
  std::string text;
  ir::graph graph = Model::trace();
  if (show.traced) text += "traced " + ir::to_text(graph) + '\n';
  static constexpr options chosen = Model::used_options;
  auto const runs = [](std::string_view name) { return detail::runs(chosen, name); };
  auto const watch = [&](std::string_view name, ir::graph const& before, ir::graph const& after) {
    if (show.passes) text += runtime::describe_change(name, before, after);
    if (show.graphs) text += ir::to_text(after) + '\n';
  };
  graph = passes::standard::run(std::move(graph), chosen.stop_after, runs, watch);
  if (show.passes) text += '\n';
  if (show.optimised) text += "optimised " + ir::to_text(graph) + '\n';
  return text + runtime::describe_steps(Model::net::plan);
}

/// print<Model>(): explain<Model>() on the standard output.
template <class Model>
void print(explain_options const& show = {}) {
  std::string const text = explain<Model>(show);
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace etch
