#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include <etch/core/text.hpp>
#include <etch/front/state.hpp>
#include <etch/front/trace.hpp>
#include <etch/passes/across_lanes.hpp>
#include <etch/passes/pipeline.hpp>
#include <etch/plan/build.hpp>
#include <etch/plan/cache_limit.hpp>
#include <etch/plan/frozen.hpp>
#include <etch/plan/load_plan.hpp>
#include <etch/plan/unread_parameters.hpp>

namespace etch {

/// What a model may ask of its compilation.
struct options {
  /// Passes that do not run, by name, separated by commas: "fold_affine, fuse_epilogue".
  core::text without{};
  /// Only the first n passes of the pipeline run: bisects a wrong result.
  int stop_after = std::numeric_limits<int>::max();
  /// A step that has no vector kernel is a compile error (and not plain loops).
  bool require_vector = false;
  /// What the arithmetic promises; `fast` lets convolutions take Winograd's algorithm.
  etch::numerics numerics = etch::numerics::strict;
  /// When chains of steps with independent rows run tile by tile; `{.on = false}`: never.
  plan::tile_policy depth_first{};
  /// The windows of streaming operators have room for the rows of so many calls. Models that differ
  /// in their rows alone have one layout of their states where rows * ring_calls is the same.
  int ring_calls = 1;
};

namespace detail {

constexpr bool runs(options const& of, std::string_view pass) {
  bool on = true;
  core::for_each_part(of.without.view(), [&](std::string_view name) { on = on && name != pass; });
  return on;
}

constexpr bool names_passes(core::text const& list) {
  bool known = true;
  core::for_each_part(list.view(),
                      [&](std::string_view name) { known = known && passes::standard::has(name); });
  return known;
}

/// The operator of the first step that is plain loops; no text where there is none.
constexpr ir::op_key first_plain_loop(auto const& plan) {
  for (etch::plan::step const& step : plan.steps) {
    if (step.kernel == ir::op_key("reference")) return step.op->key;
  }
  return "";
}

template <ir::op_key Operator>
struct plain_loop {
  static constexpr bool none = Operator.view().empty();
};

/// The name of an operator in a compile error.
template <char... Name>
struct operator_named;

template <ir::op_key Operator, std::size_t... I>
auto name_of_operator(std::index_sequence<I...>) {
  return std::type_identity<operator_named<Operator.text[I]...>>{};
}

/// The check, with the operator and the model's dims in its name, that every step takes the rows
/// that a call has.
template <class Operator, class... Dims>
struct rows_of_call {
  static constexpr bool taken = false;
};
template <class... Dims>
struct rows_of_call<operator_named<>, Dims...> {
  static constexpr bool taken = true;
};

template <ir::op_key Operator, front::dim_list Dims, int... D>
constexpr bool demand_rows_of_call(std::integer_sequence<int, D...>) {
  using name = typename decltype(name_of_operator<Operator>(
      std::make_index_sequence<Operator.view().size()>{}))::type;
  static_assert(rows_of_call<name, front::name_of_dim<Dims, D>...>::taken,
                "etch: model: an operator does not take a length that the call decides");
  return true;
}

/// From a model's function to its plan: trace, passes, plan. With `Lanes` the plan is one for so
/// many instances side by side; it is empty where an operator (`refused`) has no such form.
template <auto Fn, options Options, int Lanes>
constexpr plan::plan make_plan() {
  ir::graph const graph = front::trace<Fn>();
  ir::verify(graph);
  auto const all = [](std::string_view name) { return runs(Options, name); };
  auto const nobody = [](auto const&...) {};
  ir::graph optimised = passes::standard::run(graph, Options.stop_after, all, nobody);
  plan::settings wanted{Options.numerics, Options.depth_first, Options.ring_calls};
  if constexpr (Lanes > 0) {
    passes::lane_graph wide = passes::across_lanes(optimised, Lanes)();
    if (!wide.refused.view().empty()) {
      plan::plan nothing;
      nothing.refused = wide.refused;
      return nothing;
    }
    optimised = std::move(wide.graph);
    wanted.depth_first.on = false;
  }
  return plan::with_unread_parameters(plan::build(optimised, wanted), graph);
}

/// Holds a plan, so that templates take a short type and not the plan itself.
template <auto Fn, options Options, int Lanes>
struct planned {
  static constexpr etch::plan::sizes room = etch::plan::guess(front::trace<Fn>());
  static constexpr auto draft = etch::plan::draft_of<room>(make_plan<Fn, Options, Lanes>());
  static constexpr auto plan = [] {
    if constexpr (etch::plan::fits(draft.used, room))
      return etch::plan::freeze<draft.used>(draft.plan);
    else
      return etch::plan::freeze<draft.used>(make_plan<Fn, Options, Lanes>());
  }();
  // what the running program looks into; nothing there may point at the rest of the plan
  static constexpr auto load = etch::plan::load_plan_of(plan);
  static constexpr auto outputs = plan.outputs;
  static constexpr auto states = plan.states;
  static constexpr auto rings = plan.rings;
  static constexpr auto caches = etch::plan::caches_of<etch::plan::count_caches(plan)>(plan);
  static constexpr auto lengths = plan.lengths;
  static constexpr auto limits = plan.limits;
};

/// The plan of a model, and what it has to hold.
template <auto Fn, options Options>
struct net : planned<Fn, Options, 0> {
  using planned<Fn, Options, 0>::plan;
  static_assert(names_passes(Options.without),
                "etch: model: options.without names a pass that does not exist");
  /// The same for `Lanes` instances of the model side by side.
  template <int Lanes>
  using side_by_side = planned<Fn, Options, Lanes>;
  static constexpr ir::op_key refused = Options.require_vector ? first_plain_loop(plan) : "";
  static_assert(plain_loop<refused>::none,
                "etch: model: a step has no vector kernel, see explain<Model>()");
  static constexpr front::dim_list dims =
      front::dims_of(typename front::signature<std::remove_const_t<decltype(Fn)>>::arguments{});
  static_assert(
      demand_rows_of_call<plan.refused, dims>(std::make_integer_sequence<int, dims.count>{}));
};

}  // namespace detail

/// What one call costs.
struct model_cost {
  std::int64_t flops = 0;           ///< arithmetic operations, a multiply-add as two; at most,
                                    ///< where the call decides what runs
  std::int64_t bytes = 0;           ///< weights, inputs and outputs, each once
  std::int64_t steps = 0;           ///< calls of kernels, those of a loop counted once
  std::int64_t steps_in_loops = 0;  ///< those of them without a vector kernel
};

/// What a model takes.
struct model_memory {
  std::int64_t workspace_bytes = 0;    ///< of a session: intermediate values and results
  std::int64_t lower_bound_bytes = 0;  ///< the largest set of values that must exist at once
  std::int64_t weights_bytes = 0;      ///< packed, shared by all sessions
  std::int64_t state_bytes = 0;        ///< of a session, kept from call to call
};

/// A model: the function traced, optimised and planned by the compiler.
///   inline constexpr auto digits = [](tensor<float, 1, 784> x) { return ...; };
///   using Digits = model<digits>;
/// errors  compile errors in the function's own lines; see each operator
template <auto Fn, options Options = options{}>
struct model {
  using net = detail::net<Fn, Options>;
  using signature = front::signature<std::remove_const_t<decltype(Fn)>>;
  static constexpr bool is_dispatched = false;
  static constexpr options used_options = Options;

  /// The graph as written, before any pass.
  static constexpr ir::graph trace() { return front::trace<Fn>(); }

  static constexpr model_cost cost() {
    model_cost sum;
    sum.bytes = net::plan.weights_bytes;
    for (plan::step const& step : net::plan.steps) {
      if (step.control >= 0) continue;  // what it runs is counted
      sum.flops += step.flops * step.times;
      ++sum.steps;
      if (step.kernel == ir::op_key("reference")) ++sum.steps_in_loops;
    }
    [&]<class... A>(front::types<A...>) {
      ((sum.bytes += A::type.bytes()), ...);
    }(typename signature::arguments{});
    for (plan::location const& out : net::plan.outputs) sum.bytes += out.type.bytes();
    return sum;
  }

  static constexpr model_memory memory() {
    return {net::plan.workspace_bytes, net::plan.live_bytes, net::plan.weights_bytes,
            net::plan.state_bytes};
  }
};

}  // namespace etch
