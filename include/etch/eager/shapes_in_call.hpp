#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <etch/core/fields.hpp>
#include <etch/core/list.hpp>
#include <etch/core/result.hpp>
#include <etch/ir/builtin.hpp>
#include <etch/ir/control.hpp>
#include <etch/ir/graph.hpp>
#include <etch/ir/info_of.hpp>
#include <etch/ops/reshape.hpp>
#include <etch/ops/slice.hpp>

namespace etch::eager {

namespace detail {

/// Gives a node other attributes.
template <class Op>
void put_attributes(ir::graph& g, ir::node_id id, ir::attrs_of<Op> const& attributes) {
  core::list<std::int64_t> words;
  core::to_words(words, attributes);
  g[id].words = g.add_words({words.data(), words.size()});
}

/// Shapes that stand in attributes as they are at the bounds.
template <class ValueOf>
void put_shape_of_call(ir::graph& g, ir::graph const& at_bounds, ir::node_id id,
                       ValueOf const& value_of) {
  ir::node const& n = g[id];
  if (ir::is(n, ir::scan_op)) {
    auto walk = g.attrs_of<ir::builtin::scan::attrs>(id);
    if (walk.sequences == 0) return;
    walk.length = g[g.input(id, walk.carried)].type.shape[0];
    put_attributes<ir::builtin::scan>(g, id, walk);
  } else if (n.op == &ir::info_of<ops::reshape>) {
    for (ir::reshape_in_call const& each : at_bounds.in_call.reshaped) {
      if (each.node != id) continue;
      ops::reshape::attrs to;
      for (int i = 0; i < n.type.rank(); ++i)
        to.shape.push_back(each.extents[static_cast<std::size_t>(i)].value(value_of));
      put_attributes<ops::reshape>(g, id, to);
    }
  } else if (n.op == &ir::info_of<ops::slice>) {
    auto part = g.attrs_of<ops::slice::attrs>(id);
    ir::node_id const from = g.input(id, 0);
    for (std::size_t i = 0; i < part.sizes.size(); ++i) {
      int const axis = static_cast<int>(i);
      if (part.sizes[i] == at_bounds[from].type.shape[axis])
        part.sizes[i] = g[from].type.shape[axis];
    }
    put_attributes<ops::slice>(g, id, part);
  }
}

}  // namespace detail

/// A recorded graph whose types are those of a call, and not those at the bounds: each operator is
/// asked for its shape once more, from the inputs on. Nodes keep their numbers.
/// errors  an operator that does not take these lengths: throws etch::exception
template <class ValueOf>
ir::graph with_shapes_of_call(ir::graph const& at_bounds, std::span<ir::tensor_type const> inputs,
                              ValueOf const& value_of) {
  ir::graph g = at_bounds;
  for (std::size_t i = 0; i < inputs.size(); ++i) g[g.inputs[i]].type = inputs[i];
  for (ir::node_id id = 0; id < g.size(); ++id) {
    if (ir::is_leaf(g[id])) continue;
    detail::put_shape_of_call(g, at_bounds, id, value_of);
    if (ir::is(g[id], ir::result_op)) {
      g[id].type = ir::result_type(g, g[g.input(id, 0)], ir::result_number(g, id));
      continue;
    }
    ir::inferred const of_call =
        g[id].op->infer(ir::operand_type_list(g, g[id]), g.words_of(g[id]));
    if (!of_call.ok())
      raise({errc::invalid_argument,
             "etch: executor: " + std::string(g[id].op->key.view()) +
                 " does not take the lengths of the call: " + of_call.problem,
             {}});
    g[id].type = of_call.type;
  }
  return g;
}

}  // namespace etch::eager
