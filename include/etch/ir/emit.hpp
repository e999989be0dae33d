#pragma once

#include <initializer_list>
#include <span>

#include <etch/ir/graph.hpp>
#include <etch/ir/info_of.hpp>

namespace etch::ir {

/// Appends a node and infers its type; throws the operator's own sentence if it does not fit.
template <class Op>
constexpr node_id emit(graph& g, std::span<node_id const> operands,
                       attrs_of<Op> const& attributes = {}) {
  core::list<tensor_type> types;
  for (node_id in : operands) types.push_back(g[in].type);
  core::list<std::int64_t> words;
  core::to_words(words, attributes);
  inferred const result = info_of<Op>.infer({types.data(), types.size()}, words.data());
  if (!result.ok()) throw result.problem;
  return g.add(info_of<Op>, result.type, operands, {words.data(), words.size()});
}

template <class Op>
constexpr node_id emit(graph& g, std::initializer_list<node_id> operands,
                       attrs_of<Op> const& attributes = {}) {
  return emit<Op>(g, std::span<node_id const>(operands.begin(), operands.size()), attributes);
}

}  // namespace etch::ir
