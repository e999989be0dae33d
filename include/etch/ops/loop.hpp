#pragma once

#include <etch/ops/scan.hpp>

namespace etch {

namespace ops {

template <auto Count>
struct count_of_loop {
  static constexpr bool ok = Count > 0;
};

template <class Body, class Carried>
struct loop_body;
template <class Body, class... Carried>
struct loop_body<Body, front::types<Carried...>> {
  static constexpr bool counted =
      std::is_invocable_v<Body const&, tensor<std::int32_t>, Carried...>;
};

}  // namespace ops

/// loop<N>(initial, body): runs `body` N times and carries values from turn to turn. The body is
/// called with the carried values, or with the number of the turn, a tensor<int32_t>, in front of
/// them; it returns the new carried values and then any that are to be collected, turn by turn.
///   auto const x = loop<4>(x0, [&](auto x) { return x - step * gradient(x); });
/// `initial` is one tensor, or a std::tuple or hana::tuple of several.
/// shape     results: the last carried values, and what is collected as [N, ...]. One result is a
///           tensor, several are a std::tuple
/// dtype     any
/// numerics  those of the body
/// errors    a count that is not positive; a body that returns fewer values than are carried, or
///           changes their types; a state in the body
/// source    jax.lax.fori_loop; ONNX Loop-13
template <auto Count, class Initial, class Body>
constexpr auto loop(Initial const& initial, Body const& body) {
  static_assert(ops::count_of_loop<Count>::ok, "etch: loop: the count is not positive");
  static_assert(front::values_in<Initial>::ok, "etch: loop: an initial value is no tensor");
  if constexpr (ops::count_of_loop<Count>::ok && front::values_in<Initial>::ok) {
    constexpr bool counted = ops::loop_body<Body, front::tensors_of<Initial>>::counted;
    front::recorder& in = front::recording_of_values(initial);
    return ops::record_scan<static_cast<std::int64_t>(Count), false, counted>(in, initial,
                                                                              std::tuple<>{}, body);
  }
}

}  // namespace etch
