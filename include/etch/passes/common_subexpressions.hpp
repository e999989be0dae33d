#pragma once

#include <etch/core/hash_index.hpp>
#include <etch/ir/rewriter.hpp>

namespace etch::passes {

/// Computes equal expressions once: nodes with the same operator, operands and attributes.
/// Commutative operators are equal in either order.
/// needs  no regions      keeps  order, types, names      numerics  exact
struct common_subexpressions {
  static constexpr std::string_view name = "common_subexpressions";

  constexpr ir::graph operator()(ir::graph const& before) const {
    ir::rewriter to(before);
    core::hash_index seen;
    for (ir::node_id id = 0; id < before.size(); ++id) {
      ir::node const& n = before[id];
      if (ir::is_call_leaf(n) || ir::is(n, ir::parameter_op) || ir::is_graph_input(n) ||
          n.region >= 0) {
        to.copy(id);
        continue;
      }
      core::list<ir::node_id> operands;
      for (ir::node_id in : before.inputs_of(n)) operands.push_back(to[in]);
      auto const hash = hash_of(before, n, operands);
      int const equal = seen.find(
          hash, [&](ir::node_id other) { return same(to.after, other, before, n, operands); });
      if (equal != core::hash_index::none) {
        to.put(id, equal);
      } else {
        seen.add(hash, to.copy(id));
      }
    }
    return to.finish();
  }

 private:
  static constexpr std::uint64_t hash_of(ir::graph const& g, ir::node const& n,
                                         core::list<ir::node_id> const& operands) {
    std::uint64_t hash = static_cast<std::uint64_t>(n.type.elements());
    for (int i = 0; i < 8; ++i)
      hash = core::hash_mix(hash, static_cast<unsigned char>(n.op->key.text[i]));
    // Commutative operators have two operands, and the same hash in either order.
    std::uint64_t const sum =
        n.op->is.commutative ? static_cast<std::uint64_t>(operands[0] + operands[1]) : 0;
    for (ir::node_id in : operands)
      hash = core::hash_mix(hash, n.op->is.commutative ? sum : static_cast<std::uint64_t>(in));
    for (std::int64_t word : g.word_span(n))
      hash = core::hash_mix(hash, static_cast<std::uint64_t>(word));
    return hash;
  }

  static constexpr bool same(ir::graph const& after, ir::node_id other, ir::graph const& before,
                             ir::node const& n, core::list<ir::node_id> const& operands) {
    ir::node const& o = after[other];
    if (o.op != n.op || !(o.type == n.type) || o.inputs.count != n.inputs.count ||
        o.words.count != n.words.count)
      return false;
    bool const crossed =
        n.op->is.commutative && after.input(other, 0) != operands[0];  // the second comes first
    for (int i = 0; i < o.inputs.count; ++i) {
      if (after.input(other, crossed ? 1 - i : i) != operands[static_cast<std::size_t>(i)])
        return false;
    }
    for (int i = 0; i < o.words.count; ++i) {
      if (after.words_of(o)[i] != before.words_of(n)[i]) return false;
    }
    return true;
  }
};

}  // namespace etch::passes
