#pragma once

#include <random>
#include <vector>

#include <etch/ir/control.hpp>
#include <etch/ir/emit.hpp>
#include <etch/ops/elementwise_ops.hpp>
#include <etch/ops/structured_ops.hpp>

// Loops and branches that nobody thought of: bodies of products, elementwise operators, norms and
// views on carried values, rows and captures, nested, with values that are returned twice, swapped,
// handed through, or read by nobody.

namespace etch_test {

namespace ir = etch::ir;
namespace ops = etch::ops;

class random_loops {
 public:
  explicit random_loops(std::uint64_t seed) : dice_(seed) {}

  /// A graph of sequences [12, 2, 4] and values [2, 4], with `loops` control nodes.
  ir::graph make(int loops) {
    ir::graph g;
    scope all;
    for (int i = 0; i < 2; ++i) all.values.push_back(ir::add_input(g, ir::f32(2, 4)));
    for (int i = 0; i < 2; ++i) all.sequences.push_back(ir::add_input(g, ir::f32(12, 2, 4)));
    all.flags.push_back(ir::add_input(g, {etch::dtype::bool_, {}}));
    for (int i = 0; i < 2; ++i) {
      auto const name = std::string("w") + std::to_string(i);
      all.weights.push_back(ir::add_parameter(g, ir::f32(4, 4), name));
    }
    for (int i = 0; i < loops; ++i) {
      add_operators(g, all, 2);
      add_control(g, all, 0);
    }
    add_operators(g, all, 2);
    for (std::size_t i = 0; i < 3; ++i) g.outputs.push_back(pick(all.values));
    g.outputs.push_back(pick(all.sequences));
    ir::mark_captured_weights(g);
    return g;
  }

 private:
  struct scope {
    std::vector<ir::node_id> values, sequences, weights, flags;
  };

  int below(int n) { return static_cast<int>(dice_() % static_cast<unsigned>(n)); }
  ir::node_id pick(std::vector<ir::node_id> const& from) {
    return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
  }

  void add_operators(ir::graph& g, scope& in, int count) {
    for (int i = 0; i < count; ++i) {
      ir::node_id const x = pick(in.values);
      switch (below(8)) {
        case 0:
          in.values.push_back(ir::emit<ops::tanh>(g, {x}));
          break;
        case 1: {
          ir::node_id const y = pick(in.values);
          in.values.push_back(ir::emit<ops::add>(g, {x, y}));
          break;
        }
        case 2: {
          ir::node_id const half = ir::add_constant(g, {etch::dtype::f32, {}}, 0.5);
          in.values.push_back(ir::emit<ops::mul>(g, {x, half}));
          break;
        }
        case 3:
        case 4: {
          ir::node_id const w = pick(in.weights);
          ir::node_id const y = ir::emit<ops::linear>(g, {x, w});
          in.values.push_back(ir::emit<ops::sigmoid>(g, {y}));
          break;
        }
        case 5:
          in.values.push_back(ir::emit<ops::softmax>(g, {x}, {.axis = 1}));
          break;
        case 6: {
          ir::node_id const flat = ir::emit<ops::reshape>(g, {x}, {.shape = {4, 2}});
          in.values.push_back(ir::emit<ops::transpose>(g, {flat}, {.perm = {1, 0}}));
          break;
        }
        default: {
          ir::node_id const mean = ir::emit<ops::reduce_mean>(g, {x}, {.axes = {0, 1}});
          ir::node_id const zero = ir::add_constant(g, {etch::dtype::f32, {}}, 0.0);
          in.flags.push_back(ir::emit<ops::less>(g, {mean, zero}));
          break;
        }
      }
    }
  }

  /// A region around which `outer` lies: its own inputs are there already.
  struct region {
    ir::graph graph;
    scope inside;
    std::vector<ir::node_id> captures;
  };

  void capture(ir::graph const& outer, region& in, std::vector<ir::node_id> const& from,
               std::vector<ir::node_id>& to, int count) {
    for (int i = 0; i < count; ++i) {
      ir::node_id const id = pick(from);
      in.captures.push_back(id);
      to.push_back(ir::add_input(in.graph, outer[id].type));
    }
  }
  void capture_all(ir::graph const& outer, scope const& around, region& in) {
    capture(outer, in, around.values, in.inside.values, 1 + below(2));
    capture(outer, in, around.sequences, in.inside.sequences, 1);
    capture(outer, in, around.weights, in.inside.weights, 1 + below(2));
    if (!around.flags.empty()) capture(outer, in, around.flags, in.inside.flags, 1);
  }

  void add_body(region& in, int depth) {
    add_operators(in.graph, in.inside, 2 + below(5));
    if (depth < 2 && below(3) == 0) {
      add_control(in.graph, in.inside, depth + 1);
      add_operators(in.graph, in.inside, 1);
    }
  }

  void add_control(ir::graph& g, scope& in, int depth) {
    switch (below(4)) {
      case 0:
        return add_cond(g, in, depth);
      case 1:
        return add_while(g, in, depth);
      default:
        return add_scan(g, in, depth);
    }
  }

  void add_scan(ir::graph& g, scope& in, int depth) {
    int const carried = 1 + below(3), sequences = below(3);
    bool const counted = below(4) == 0, reverse = below(2) == 0;
    std::vector<ir::node_id> operands;
    region body;
    if (counted) ir::add_input(body.graph, {etch::dtype::i32, {}});
    for (int i = 0; i < carried; ++i) {
      operands.push_back(pick(in.values));
      body.inside.values.push_back(ir::add_input(body.graph, ir::f32(2, 4)));
    }
    for (int i = 0; i < sequences; ++i) {
      operands.push_back(pick(in.sequences));
      body.inside.values.push_back(ir::add_input(body.graph, ir::f32(2, 4)));
    }
    capture_all(g, in, body);
    add_body(body, depth);
    int const collected = below(3);
    for (int i = 0; i < carried + collected; ++i)
      body.graph.outputs.push_back(pick(body.inside.values));
    operands.insert(operands.end(), body.captures.begin(), body.captures.end());
    ir::node_id const scan = ir::add_control<ir::builtin::scan>(
        g, ir::scan_op, operands, {carried, sequences, 12, reverse, counted}, {&body.graph, 1});
    for (int k = 0; k < carried + collected; ++k) {
      if (below(4) == 0) continue;  // nobody reads it
      ir::node_id const result = ir::add_result(g, scan, k);
      (k < carried ? in.values : in.sequences).push_back(result);
    }
  }

  void add_while(ir::graph& g, scope& in, int depth) {
    int const carried = 1 + below(2);
    std::vector<ir::node_id> operands;
    region both;
    for (int i = 0; i < carried; ++i) {
      operands.push_back(pick(in.values));
      both.inside.values.push_back(ir::add_input(both.graph, ir::f32(2, 4)));
    }
    capture_all(g, in, both);
    region condition = both, body = both;
    ir::node_id const x = pick(condition.inside.values);
    ir::node_id const mean = ir::emit<ops::reduce_mean>(condition.graph, {x}, {.axes = {0, 1}});
    ir::node_id const limit = ir::add_constant(condition.graph, {etch::dtype::f32, {}}, 0.3);
    condition.graph.outputs.push_back(ir::emit<ops::greater>(condition.graph, {mean, limit}));
    add_body(body, depth);
    for (int i = 0; i < carried; ++i) body.graph.outputs.push_back(pick(body.inside.values));
    operands.insert(operands.end(), both.captures.begin(), both.captures.end());
    ir::graph const regions[] = {condition.graph, body.graph};
    ir::node_id const loop = ir::add_control<ir::builtin::while_loop>(
        g, ir::while_loop_op, operands, {carried, 1 + below(6)}, regions);
    for (int k = 0; k < carried; ++k) in.values.push_back(ir::add_result(g, loop, k));
    in.flags.push_back(ir::add_result(g, loop, carried + 1));
  }

  void add_cond(ir::graph& g, scope& in, int depth) {
    region both;
    std::vector<ir::node_id> operands{pick(in.flags)};
    capture_all(g, in, both);
    region yes = both, no = both;
    add_body(yes, depth);
    add_body(no, depth);
    int const results = 1 + below(2);
    for (region* each : {&yes, &no})
      for (int k = 0; k < results; ++k) each->graph.outputs.push_back(pick(each->inside.values));
    operands.insert(operands.end(), both.captures.begin(), both.captures.end());
    ir::graph const regions[] = {yes.graph, no.graph};
    ir::node_id const cond =
        ir::add_control<ir::builtin::cond>(g, ir::cond_op, operands, {}, regions);
    for (int k = 0; k < results; ++k) in.values.push_back(ir::add_result(g, cond, k));
  }

  std::mt19937_64 dice_;
};

}  // namespace etch_test
