#pragma once

#include <tuple>
#include <utility>

#include <etch/front/bounded.hpp>
#include <etch/front/recorder.hpp>
#include <etch/front/signature.hpp>
#include <etch/ir/control.hpp>
#include <etch/ir/rewriter.hpp>

namespace etch::front {

template <class R>
struct returns_tensors {
  static constexpr bool ok = form_of<R>() != result_form::none;
};

/// In constant evaluation what is thrown is the text of the compile error.
constexpr void check_states(ir::graph const& g) {
  auto const known = ir::weight_only(g);
  for (ir::state_slot const& state : g.states) {
    if (state.next < 0) throw "etch: state: a state is never assigned";
    if (state.initial >= 0 && !known[static_cast<std::size_t>(state.initial)])
      throw "etch: state: an initial value depends on the call, and not on weights alone";
  }
}

/// The elements of an argument that a call has.
template <class X>
constexpr extent elements_of() {
  using tensor = tensor_of<X>;
  extent all(1);
  for (int i = 0; i < tensor::rank; ++i)
    all = all * extents_of<tensor>[static_cast<std::size_t>(i)];
  return all;
}

/// What calls decide about arguments.
template <class... A>
constexpr ir::call_extents extents_in_call(types<A...>) {
  ir::call_extents in_call;
  if constexpr ((A::is_bounded || ...)) {
    (in_call.elements.push_back(elements_of<A>()), ...);
    (in_call.axes.push_back(extents_of<tensor_of<A>>), ...);
    for (extent_array const& axes : {extents_of<tensor_of<A>>...}) {
      for (extent const& each : axes) {
        if (each.divisor > 1) in_call.parts.push_back(each);
      }
    }
  }
  return in_call;
}

/// The dims of a model's arguments.
template <class... A>
constexpr dim_list dims_of(types<A...>) {
  dim_list all;
  auto const add = [&](extent_array const& extents) {
    for (extent const& each : extents) all.add(each);
  };
  (add(extents_of<tensor_of<A>>), ...);
  return all;
}

/// Runs a model's function on symbolic tensors and returns what it recorded: inputs in the order
/// of the arguments, outputs in the order of the results.
template <auto Fn>
constexpr ir::graph trace() {
  using shape_of_call = signature<std::remove_const_t<decltype(Fn)>>;
  using result = typename shape_of_call::result;
  static_assert(returns_tensors<result>::ok,
                "etch: model: the function returns no tensor (nor a hana::tuple or outputs(...) of "
                "them)");
  static_assert(names_differ(typename shape_of_call::arguments{}),
                "etch: model: two inputs have one name");
  recorder to;
  [&]<class... A>(types<A...>) {
    static_assert((symbolic<A> && ...), "etch: model: an argument is not a tensor");
    std::tuple<A...> arguments{A(to, ir::add_input(to.graph, A::type, argument_name<A>()))...};
    to.graph.in_call = extents_in_call(types<A...>{});
    if constexpr (returns_tensors<result>::ok) {
      auto const results = std::apply(Fn, arguments);
      if constexpr (shape_of_call::form == result_form::one) {
        to.graph.outputs.push_back(results.id());
      } else if constexpr (shape_of_call::form == result_form::tuple) {
        hana::for_each(results, [&](auto const& each) { to.graph.outputs.push_back(each.id()); });
      } else {
        hana::for_each(hana::keys(results), [&](auto const& key) {
          to.graph.outputs.push_back(results[key].id());
          to.graph.output_names.push_back(to.graph.add_text(key.c_str()));
        });
      }
    }
  }(typename shape_of_call::arguments{});
  if (!to.graph.states.empty()) check_states(to.graph);
  if (ir::has_control(to.graph)) ir::mark_captured_weights(to.graph);
  return std::move(to.graph);
}

}  // namespace etch::front
