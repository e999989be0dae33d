#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <etch/ir/extent_text.hpp>
#include <etch/ir/print.hpp>
#include <etch/plan/plan.hpp>
#include <etch/runtime/text_table.hpp>

namespace etch::runtime {

/// A plan as a table of its steps, with totals.
class step_table {
 public:
  explicit step_table(plan::plan const& of) : plan_(of) {}

  /// The operators that a step computes, in order: "linear + relu + add"; how often what it
  /// controls runs: "scan, 50 turns".
  std::string operators_of(plan::step const& s) const {
    if (s.control >= 0) return text_of(plan_.controls[index(s.control)]);
    std::string text;
    if (s.op != &ir::fused_op) text = std::string(s.op->key.view());
    for (int i = 0; i < s.program.count; ++i) {
      auto const& each = plan_.instructions[index(s.program.first + i)];
      if (each.what != plan::instruction::kind::operation) continue;
      text += (text.empty() ? "" : " + ") + std::string(each.op->key.view());
    }
    return text;
  }

  /// Bytes that a step touches: its operands, each once, and its result.
  std::int64_t bytes_of(plan::step const& s) const {
    std::int64_t bytes = s.result.type.bytes();
    for (int i = 0; i < s.operands.count; ++i) {
      bool seen = false;
      for (int k = 0; k < i; ++k) {
        auto const &a = operand(s, i), &b = operand(s, k);
        seen = seen || (a.place == b.place && a.offset == b.offset);
      }
      if (!seen) bytes += operand(s, i).type.bytes();
    }
    return bytes;
  }

  /// A type, and the length that says how much of it a call uses: "f32[512,64] for T".
  static std::string sized(plan::plan const& of, plan::location const& at) {
    std::string const text = ir::to_string(at.type);
    return at.length < 0 ? text : text + " for " + ir::to_string(of.lengths[index(at.length)]);
  }

  static bool is_plain_loop(plan::step const& s) { return s.kernel == ir::op_key("reference"); }

  std::string text() const {
    using side = text_table::side;
    text_table table({{"step", side::right},
                      {"computes"},
                      {"kernel"},
                      {"result"},
                      {"FLOPs", side::right},
                      {"bytes", side::right},
                      {"at"},
                      {"from"},
                      {"code"}});
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      plan::step const& s = plan_.steps[i];
      std::string from;
      for (int k = 0; k < s.operands.count; ++k) from += (k ? ", " : "") + place_of(operand(s, k));
      std::string const code = index(s.same_as) == i ? "" : "= step " + std::to_string(s.same_as);
      std::string const computes = std::string(2 * index(s.depth), ' ') + operators_of(s);
      if (s.control >= 0) {  // what it runs follows, each with the numbers of one turn
        table.add({std::to_string(i), computes, std::string(s.kernel.view())});
        continue;
      }
      table.add({std::to_string(i), computes,
                 is_plain_loop(s) ? "PLAIN LOOPS (reference)" : std::string(s.kernel.view()),
                 sized(plan_, s.result), grouped(s.flops), grouped(bytes_of(s)), place_of(s.result),
                 from, code});
    }
    return table.text();
  }

  std::string totals() const {
    std::int64_t flops = 0, plain = 0, shared = 0, parameters = 0;
    std::size_t steps = 0;
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      if (plan_.steps[i].control >= 0) continue;
      ++steps;
      flops += plan_.steps[i].flops * plan_.steps[i].times;
      plain += is_plain_loop(plan_.steps[i]);
      shared += index(plan_.steps[i].same_as) != i;
    }
    for (plan::recipe const& r : plan_.recipes) parameters += r.op == &ir::parameter_op;
    std::string text = counted(steps, "step");
    if (!plan_.controls.empty())
      text += " and " + counted(plan_.controls.size(), "loop or branch", "loops and branches");
    if (shared > 0) text += ", " + std::to_string(shared) + " of them with the code of another";
    text +=
        "; " + grouped(flops) + " FLOPs a call" + (plan_.controls.empty() ? "" : " at most") + '\n';
    text += "weights " + grouped(plan_.weights_bytes) + " bytes, from " +
            counted(static_cast<std::size_t>(parameters), "parameter") + " and " +
            counted(plan_.recipes.size() - static_cast<std::size_t>(parameters), "operation") +
            " at load\n";
    text += "workspace " + grouped(plan_.workspace_bytes) + " bytes, lower bound " +
            grouped(plan_.live_bytes) + '\n';
    if (!plan_.states.empty())
      text += "states " + grouped(plan_.state_bytes) + " bytes, " +
              "copied behind the last step: " + std::to_string(plan_.moves.size()) + '\n';
    if (!plan_.lengths.empty()) text += "decided by the call: " + bounds() + '\n';
    for (plan::tiling const& t : plan_.tilings)
      text += "steps " + std::to_string(t.first) + " to " + std::to_string(t.first + t.count - 1) +
              " run depth first, " +
              counted(static_cast<std::size_t>(t.tile), t.images ? "image row" : "row") +
              " at a time: " + (t.length < 0 ? "" : "at most ") +
              counted(static_cast<std::size_t>(t.tiles()), t.images ? "band" : "tile") + '\n';
    if (plain > 0)
      text += "PLAIN LOOPS: " + counted(static_cast<std::size_t>(plain), "step") +
              " without a vector kernel\n";
    return text;
  }

  static std::string place_of(plan::location const& at) {
    switch (at.place) {
      case plan::place::workspace:
        return "workspace " + grouped(at.offset);
      case plan::place::weights:
        return "weights " + grouped(at.offset);
      case plan::place::input:
        return "input " + grouped(at.offset);
      case plan::place::recipe:
        return "recipe " + grouped(at.offset);
      case plan::place::tile:
        return "tile " + grouped(at.offset);
      case plan::place::state:
        return (at.ring < 0 ? "state " : "ring ") + grouped(at.offset);
      case plan::place::row:
        return "row " + grouped(at.pointer) + " at " + grouped(at.offset);
    }
    return "nowhere";
  }

 private:
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }
  static std::string counted(std::size_t n, std::string_view one, std::string_view several) {
    return std::to_string(n) + ' ' + std::string(n == 1 ? one : several);
  }
  static std::string counted(std::size_t n, std::string_view thing) {
    return counted(n, thing, std::string(thing) + 's');
  }
  static std::string text_of(plan::control const& c) {
    std::string const second = std::to_string(c.first + c.counts[0]);  // region
    if (c.what == plan::control::kind::cond)
      return c.counts[1] > 0 ? "cond, else from step " + second : "cond";
    std::string const turns = counted(static_cast<std::size_t>(c.length), "turn");
    if (c.what == plan::control::kind::scan) return "scan, " + turns;
    return "while_loop, at most " + turns + " of what begins with step " + second;
  }
  /// "T to 512, S to 60": the dims, each once.
  std::string bounds() const {
    std::string text;
    std::vector<extent::dim> seen;
    for (extent const& each : plan_.lengths) {
      for (int d = 0; d < each.dim_count; ++d) {
        extent::dim const& dim = each.dims[index(d)];
        if (std::find(seen.begin(), seen.end(), dim) != seen.end()) continue;
        seen.push_back(dim);
        text += (text.empty() ? "" : ", ") + std::string(dim.view()) + " to " + grouped(dim.most);
      }
    }
    return text;
  }
  plan::location const& operand(plan::step const& s, int i) const {
    return plan_.locations[index(s.operands.first + i)];
  }

  plan::plan const& plan_;
};

/// "output 0 'logits': f32[1,10] at workspace 64", one line each.
inline std::string describe_outputs(plan::plan const& plan, ir::graph const& g) {
  std::string text;
  for (std::size_t i = 0; i < plan.outputs.size(); ++i) {
    text += "output " + std::to_string(i);
    if (!g.output_names.empty()) text += " '" + std::string(g.text_of(g.output_names[i])) + '\'';
    text += ": " + step_table::sized(plan, plan.outputs[i]) + " at " +
            step_table::place_of(plan.outputs[i]) + '\n';
  }
  return text;
}

}  // namespace etch::runtime
