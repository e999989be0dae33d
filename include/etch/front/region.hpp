#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <utility>

#include <boost/hana/tuple.hpp>
#include <boost/hana/unpack.hpp>

#include <etch/front/recorder.hpp>
#include <etch/front/signature.hpp>
#include <etch/ir/control.hpp>

namespace etch::front {

// What cond, scan, loop and while_loop have in common: values that are one tensor or several, and
// functions that are recorded as regions.

/// One tensor, or a std::tuple or hana::tuple of them, as a std::tuple.
template <class X>
constexpr auto as_tuple(X const& x) {
  return std::tuple<X>(x);
}
template <class... X>
constexpr std::tuple<X...> as_tuple(std::tuple<X...> const& x) {
  return x;
}
template <class... X>
constexpr std::tuple<X...> as_tuple(hana::tuple<X...> const& x) {
  return hana::unpack(x, [](X const&... each) { return std::tuple<X...>(each...); });
}

template <class Tuple>
struct are_tensors;
template <class... X>
struct are_tensors<std::tuple<X...>> {
  static constexpr bool ok = ((symbolic<X> || is_pending<X>)&&...);
};

/// The named check of what a function takes or returns as values.
template <class X>
struct values_in {
  static constexpr bool ok = are_tensors<decltype(as_tuple(std::declval<X const&>()))>::ok;
};

template <class Tuple>
struct tensors_in;
template <class... X>
struct tensors_in<std::tuple<X...>> {
  using type = types<operand_tensor<X>...>;
};
/// The tensor types of values, as types<...>.
template <class X>
using tensors_of = typename tensors_in<decltype(as_tuple(std::declval<X const&>()))>::type;

/// The nodes of values, in the graph that is being recorded.
template <class Values>
constexpr auto nodes_of(recorder& in, Values const& values) {
  return std::apply(
      [&](auto const&... each) {
        return std::array<ir::node_id, sizeof...(each)>{as_tensor(each, in).id()...};
      },
      as_tuple(values));
}

/// The recording of the first value that has one.
template <class... Values>
constexpr recorder& recording_of_values(Values const&... values) {
  return *std::apply([](auto const&... each) { return &recording_of(each...); },
                     std::tuple_cat(as_tuple(values)...));
}

template <class A, class B>
struct same_types {
  static constexpr bool ok = false;
};
template <class... A, class... B>
requires(sizeof...(A) == sizeof...(B)) struct same_types<types<A...>, types<B...>> {
  static constexpr bool ok = ((A::type == B::type) && ...);
};

/// The first `Count` of types<...>, or all if there are fewer.
template <std::size_t Count, class Types, class Taken = types<>>
struct first_types {
  using type = Taken;
};
template <std::size_t Count, class First, class... Rest, class... Taken>
requires(sizeof...(Taken) < Count) struct first_types<Count, types<First, Rest...>, types<Taken...>>
    : first_types<Count, types<Rest...>, types<Taken..., First>> {
};

/// The check, with the types in its name, that a function takes what it is called with.
template <class Function, class... Argument>
struct function_takes {
  static constexpr bool ok = std::is_invocable_v<Function const&, Argument const&...>;
};

/// A function that ran on the inputs of a region, and the types that it returned.
template <class Results>
struct recorded_region {
  recorder::closed_region region;
  using results = Results;
};

/// Calls function(inputs...) with a new input of a new region for each type, and makes what it
/// returns the outputs of the region.
template <class... In, class Function>
constexpr auto record_region(recorder& in, types<In...>, Function const& function) {
  in.enter();
  std::tuple<In...> const arguments{In(in, ir::add_input(in.graph, In::type))...};
  static_assert(function_takes<Function, In...>::ok,
                "etch: a body, a condition or a branch does not take the tensors that it is called "
                "with");
  if constexpr (!function_takes<Function, In...>::ok) {
    return recorded_region<types<>>{in.leave()};
  } else {
    auto const returned = std::apply(function, arguments);
    using checked = values_in<std::remove_const_t<decltype(returned)>>;
    static_assert(
        checked::ok,
        "etch: a body, a condition or a branch returns something that is neither a tensor "
        "nor a std::tuple of tensors");
    if constexpr (checked::ok) {
      for (ir::node_id out : nodes_of(in, returned)) in.graph.outputs.push_back(out);
      return recorded_region<tensors_of<std::remove_const_t<decltype(returned)>>>{in.leave()};
    } else {
      return recorded_region<types<>>{in.leave()};
    }
  }
}

/// Brings two regions of `outer` to the same captures, in the same order.
constexpr void join_captures(ir::graph const& outer, recorder::closed_region& a,
                             recorder::closed_region& b) {
  auto const find = [](core::list<ir::node_id> const& in, ir::node_id id) {
    std::size_t i = 0;
    while (i < in.size() && in[i] != id) ++i;
    return i;
  };
  core::list<ir::node_id> all = a.captures;
  for (ir::node_id id : b.captures) {
    if (find(all, id) == all.size()) all.push_back(id);
  }
  for (recorder::closed_region* each : {&a, &b}) {
    core::list<ir::node_id> const before = each->graph.inputs;
    std::size_t const own = before.size() - each->captures.size();
    each->graph.inputs.resize(own);
    for (ir::node_id id : all) {
      std::size_t const i = find(each->captures, id);
      if (i < each->captures.size())
        each->graph.inputs.push_back(before[own + i]);
      else
        ir::add_input(each->graph, outer[id].type);
    }
    each->captures = all;
  }
}

/// Results of a control node as tensors: the only one, or a std::tuple of several.
template <class... Out>
constexpr auto results_of(recorder& in, ir::node_id control, types<Out...>) {
  return [&]<int... Number>(std::integer_sequence<int, Number...>) {
    std::tuple<Out...> const results{Out(in, ir::add_result(in.graph, control, Number))...};
    if constexpr (sizeof...(Out) == 1)
      return std::get<0>(results);
    else
      return results;
  }
  (std::make_integer_sequence<int, static_cast<int>(sizeof...(Out))>{});
}

}  // namespace etch::front
