#pragma once

#include <array>

#include <etch/ir/control.hpp>

#include "passes/pass_test.hpp"

// Graphs to draw, one of them with names that a picture's language could take for its own.

namespace etch_test {

inline ir::graph drawn_example() {
  net g;
  auto const x = ir::add_input(g, f32(2, 3), "x");
  auto const y = g.add_op<ops::linear>({x, g.weight("fc.weight", 4, 3)});
  auto const z = g.add_op<ops::add>({y, g.number(0.5)});
  g.output_names.push_back(g.add_text("logits"));
  return g.returning(z);
}

inline ir::graph hostile_names() {
  net g;
  auto const x = ir::add_input(g, f32(2), "a\"];b->c");
  auto const w = ir::add_parameter(g, f32(2), "back\\slash \"quoted\" <b>&#`\nline");
  return g.returning(g.add_op<ops::sub>({x, w}));
}

/// A region whose lines belong into one box.
inline ir::graph with_a_fused_step() {
  net region;
  auto const a = region.input(2, 4);
  auto const r = region.add_op<ops::relu>({a});
  net g;
  auto const x = g.input(2, 3);
  auto const y = g.add_op<ops::linear>({x, g.weight("w", 4, 3)});
  g[y].region = g.add_region(region.returning(r));
  return g.returning(y);
}

/// A loop that captures a weight, and a branch.
inline ir::graph with_loop_and_branch() {
  net body;
  auto const h = body.input(2), x = body.input(2), scale = body.input(2);
  auto const sum = body.add_op<ops::add>({h, body.add_op<ops::mul>({x, scale})});
  ir::graph const turn = body.returning(sum, sum);
  net yes, no;
  ir::graph const branches[] = {yes.returning(yes.add_op<ops::tanh>({yes.input(2)})),
                                no.returning(no.input(2))};
  net g;
  auto const start = g.input(2), rows = g.input(3, 2);
  auto const on = ir::add_input(g, {dtype::bool_, {}}, "on");
  auto const w = g.weight("<w>", 2);
  auto const scan = ir::add_control<ir::builtin::scan>(g, ir::scan_op, std::array{start, rows, w},
                                                       {1, 1, 3, false, false}, {&turn, 1});
  auto const last = ir::add_result(g, scan, 0);
  auto const cond =
      ir::add_control<ir::builtin::cond>(g, ir::cond_op, std::array{on, last}, {}, branches);
  auto const chosen = ir::add_result(g, cond, 0);
  auto const sums = ir::add_result(g, scan, 1);
  return g.returning(chosen, sums);
}

inline int occurrences(std::string_view text, std::string_view part) {
  int n = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

}  // namespace etch_test
