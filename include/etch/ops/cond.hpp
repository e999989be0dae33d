#pragma once

#include <etch/ops/while_loop.hpp>

namespace etch {

/// cond(predicate, then, otherwise): what `then()` returns where the predicate is true, and what
/// `otherwise()` returns where it is false. Only one of them runs.
///   auto const y = cond(energy > 0.5f, [&] { return network(x); }, [&] { return x; });
/// shape     predicate: one element; results: those of the branches. One is a tensor, several are a
///           std::tuple
/// dtype     predicate: bool; others any
/// numerics  those of the branch
/// errors    a predicate that is not one bool; branches that return different numbers of values or
///           different types; a state in a branch
/// source    jax.lax.cond; ONNX If-13
template <front::tensor_operand Predicate, class Then, class Otherwise>
constexpr auto cond(Predicate const& predicate, Then const& then, Otherwise const& otherwise) {
  constexpr bool decides = ops::decision<front::tensors_of<Predicate>>::ok;
  static_assert(decides, "etch: cond: the predicate is not a bool tensor of one element");
  if constexpr (decides) {
    front::recorder& in = front::recording_of(predicate);
    ir::node_id const decider = front::as_tensor(predicate, in).id();
    auto yes = front::record_region(in, front::types<>{}, then);
    auto no = front::record_region(in, front::types<>{}, otherwise);
    using of_yes = typename decltype(yes)::results;
    using of_no = typename decltype(no)::results;
    static_assert(front::same_types<of_yes, of_no>::ok,
                  "etch: cond: the branches return values of different shapes or dtypes");
    if constexpr (front::same_types<of_yes, of_no>::ok) {
      front::join_captures(in.graph, yes.region, no.region);
      core::list<ir::node_id> operands{decider};
      operands.append(yes.region.captures);
      ir::graph const regions[] = {yes.region.graph, no.region.graph};
      ir::node_id const node = ir::add_control<ir::builtin::cond>(
          in.graph, ir::cond_op, {operands.data(), operands.size()}, {}, regions);
      return front::results_of(in, node, of_yes{});
    }
  }
}

}  // namespace etch
