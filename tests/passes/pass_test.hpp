#pragma once

#include <span>
#include <string>
#include <string_view>

#include <etch/ir/emit.hpp>
#include <etch/ir/print.hpp>
#include <etch/ir/verify.hpp>
#include <etch/ops/elementwise_ops.hpp>
#include <etch/ops/structured_ops.hpp>
#include <etch/passes/dead_code.hpp>

#include "catch.hpp"
#include "support/evaluate_graph.hpp"

// How a pass is tested: a small graph, what becomes of it (in the compiler and as text), that it
// still means the same, and that a second run changes nothing.

namespace etch_test {

namespace ir = etch::ir;
namespace ops = etch::ops;
namespace passes = etch::passes;
using etch::dtype;
using ir::emit;
using ir::f32;

/// A graph in the making.
struct net : ir::graph {
  template <std::integral... I>
  constexpr ir::node_id input(I... extent) {
    return ir::add_input(*this, f32(extent...));
  }
  template <std::integral... I>
  constexpr ir::node_id weight(std::string_view name, I... extent) {
    return ir::add_parameter(*this, f32(extent...), name);
  }
  constexpr ir::node_id number(double of) { return ir::add_constant(*this, {dtype::f32, {}}, of); }
  template <class Op>
  constexpr ir::node_id add_op(std::initializer_list<ir::node_id> operands,
                               ir::attrs_of<Op> const& attributes = {}) {
    return ir::emit<Op>(*this, operands, attributes);
  }
  template <class... Id>
  constexpr ir::graph returning(Id... output) {
    (outputs.push_back(output), ...);
    ir::verify(*this);
    return static_cast<ir::graph&&>(*this);
  }
};

template <class Op>
constexpr int count(ir::graph const& g) {
  int n = 0;
  for (ir::node const& each : g.nodes) n += each.op == &ir::info_of<Op>;
  return n;
}
constexpr int count(ir::graph const& g, ir::op_info const& op) {
  int n = 0;
  for (ir::node const& each : g.nodes) n += each.op == &op;
  return n;
}

/// The graph after the pass, without what nothing reads any more.
template <class Pass>
constexpr ir::graph after(ir::graph const& before) {
  ir::graph changed = Pass{}(before);
  ir::verify(changed);
  return passes::dead_code{}(changed);
}

template <class Pass>
std::string text_after(ir::graph const& before) {
  return ir::to_text(after<Pass>(before));
}

/// Runs both graphs on the same numbers: they agree to the last bit (`tolerance` 0), or nearly.
inline void require_same_meaning(ir::graph const& before, ir::graph const& now, double tolerance) {
  auto const inputs = random_inputs(before, 7);
  auto const expected = evaluate(before, inputs), found = evaluate(now, inputs);
  REQUIRE(expected.size() == found.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (tolerance == 0)
      REQUIRE(expected[i].same_bytes(found[i]));
    else
      REQUIRE(difference(expected[i], found[i]) <= tolerance);
  }
}

/// What holds for every pass and graph.
template <class Pass>
void require_sound(ir::graph const& before, double tolerance = 0) {
  INFO(ir::to_text(before));
  ir::graph const once = after<Pass>(before);
  INFO(ir::to_text(once));
  REQUIRE(ir::problem_of(once) == nullptr);
  REQUIRE(once.inputs.size() == before.inputs.size());
  require_same_meaning(before, once, tolerance);
  REQUIRE(text_after<Pass>(once) == ir::to_text(once));
}

template <class Pass>
void require_unchanged(ir::graph const& before) {
  REQUIRE(text_after<Pass>(before) == ir::to_text(before));
}

}  // namespace etch_test
