#pragma once

#include <etch/ops/scan.hpp>

namespace etch {

namespace ops {

template <auto Most>
struct bound_of_while_loop {
  static constexpr bool ok = Most > 0 && Most <= 2147483647;
};

/// The named check of what decides: one bool.
template <class Types>
struct decision {
  static constexpr bool ok = false;
};
template <class X>
struct decision<front::types<X>> {
  static constexpr bool ok = X::type.dtype == dtype::bool_ && X::elements == 1;
};

}  // namespace ops

/// while_loop<Most>(initial, condition, body): as long as condition(carried values...) is true, but
/// at most `Most` times, runs `body`, which returns the next carried values.
///   auto const [x, turns, finished] = while_loop<100>(
///       x0, [](auto x) { return amax(abs(x)) > 1.0f; },
///       [](auto x) { return x * 0.5f; });
/// It never hangs: where the condition is still true after the last of `Most` turns, the loop ends
/// with what it has, and `finished` is false.
/// `initial` is one tensor, or a std::tuple or hana::tuple of several.
/// shape     results, as a std::tuple: the carried values; how often the body ran, tensor<int32_t>;
///           whether the condition ended it, tensor<bool>
/// dtype     any
/// numerics  those of the body
/// errors    a bound that is not positive, or above 2^31 - 1; a condition that is not one bool; a
///           body that returns another number of values than are carried, or changes their types; a
///           state in the condition or the body
/// source    jax.lax.while_loop; ONNX Loop-13
template <auto Most, class Initial, class Condition, class Body>
constexpr auto while_loop(Initial const& initial, Condition const& condition, Body const& body) {
  static_assert(ops::bound_of_while_loop<Most>::ok,
                "etch: while_loop: the bound is not positive, or above 2147483647");
  static_assert(front::values_in<Initial>::ok, "etch: while_loop: an initial value is no tensor");
  if constexpr (ops::bound_of_while_loop<Most>::ok && front::values_in<Initial>::ok) {
    using carried = front::tensors_of<Initial>;
    front::recorder& in = front::recording_of_values(initial);
    auto const first = front::nodes_of(in, initial);
    auto on = front::record_region(in, carried{}, condition);
    auto turn = front::record_region(in, carried{}, body);
    using returned = typename decltype(turn)::results;
    using checked = ops::body_of_loop<carried, returned>;
    constexpr bool decides = ops::decision<typename decltype(on)::results>::ok;
    static_assert(decides, "etch: while_loop: the condition is not a bool tensor of one element");
    static_assert(returned::size == carried::size,
                  "etch: while_loop: the body returns another number of values than the loop "
                  "carries");
    static_assert(checked::keeps_types,
                  "etch: the body of a loop changes the shape or the dtype of a carried value");
    if constexpr (decides && returned::size == carried::size && checked::keeps_types) {
      front::join_captures(in.graph, on.region, turn.region);
      core::list<ir::node_id> operands;
      for (ir::node_id id : first) operands.push_back(id);
      operands.append(on.region.captures);
      ir::graph const regions[] = {on.region.graph, turn.region.graph};
      ir::node_id const node = ir::add_control<ir::builtin::while_loop>(
          in.graph, ir::while_loop_op, {operands.data(), operands.size()},
          {static_cast<int>(carried::size), static_cast<std::int64_t>(Most)}, regions);
      return [&]<class... C>(front::types<C...>) {
        return front::results_of(in, node,
                                 front::types<C..., tensor<std::int32_t>, tensor<bool>>{});
      }(carried{});
    }
  }
}

}  // namespace etch
