#pragma once

#include <bit>

#include <etch/ir/builtin.hpp>
#include <etch/plan/plan.hpp>

namespace etch::plan::detail {

/// Adds what a region computes for each element; returns its range in plan::instructions.
constexpr ir::range add_program(plan& to, ir::graph const& region) {
  ir::range const program{static_cast<int>(to.instructions.size()), region.size()};
  int operand = 0;
  for (ir::node const& n : region.nodes) {
    instruction added;
    added.op = n.op;
    if (ir::is(n, ir::input_op)) {
      added.what = instruction::kind::operand;
      added.operand = operand++;
    } else if (ir::is(n, ir::constant_op)) {
      added.what = instruction::kind::number;
      added.number = std::bit_cast<double>(*region.words_of(n));
    } else {
      added.words = to.add_words(region.word_span(n));
      int i = 0;
      for (ir::node_id in : region.inputs_of(n)) added.operands[i++] = in;
    }
    to.instructions.push_back(added);
  }
  return program;
}

}  // namespace etch::plan::detail
