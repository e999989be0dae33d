#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include <etch/runtime/session.hpp>
#include <etch/runtime/side_by_side.hpp>

namespace etch {

namespace runtime {

/// The type of `count` values, one after the other.
constexpr ir::tensor_type of_instances(ir::tensor_type const& one, int count) {
  ir::tensor_type all{one.dtype, ir::shape(std::int64_t{count})};
  for (int i = 0; i < one.rank(); ++i) all.shape.push_back(one.shape[i]);
  return all;
}

/// The named check that the values of all instances are a tensor.
template <class Tensor>
struct value_of_instance {
  static constexpr bool has_axis_left = Tensor::type.rank() < ir::max_rank;
};

/// [...] -> [Count, ...], with the name of an argument that has one.
template <class Argument, int Count>
struct argument_of_instances {
  static_assert(value_of_instance<Argument>::has_axis_left,
                "etch: instances: a value of the model has rank 6, one more axis does not fit");
  static constexpr ir::tensor_type value = of_instances(Argument::type, Count);
  using tensor = front::tensor_for<value>;
  using type = typename front::argument_like<Argument, tensor>::type;
};

}  // namespace runtime

/// Runs `Count` instances of a model in one call: voices, agents, joints. Each has states of its
/// own, and weights of its own or those of all.
///   instances<Amp, 2> run{{load<Amp>("clean.safetensors"), load<Amp>("loud.safetensors")}};
///   auto y = run(x);            // x and y: [2, ...], one instance after the other
///   auto& voice = run[1];
///   voice.reset();              // also state, save, restore: those of a session
/// An instance has the bits of a session of its own. They run side by side, an instance for each
/// lane of the registers, where `side_by_side` says so, else one after the other; what all of them
/// share is the workspace. Small models are called on zeros where they are made, as by a session. A
/// call is noexcept, allocates nothing, takes no lock and makes no system call; of a model with
/// caches it returns a result, as that of a session does, and runs none of them where one has no
/// room. Of a model with dims it returns a result too: all instances have the lengths of the call,
/// and run one after the other. Where weights are shared and many, a batch in the model itself
/// reads them once for all.
///
/// shape   inputs and results are those of the model with one more axis, [Count, ...]
///
/// errors  a number of inputs, a size or a dtype that is not the model's
template <class Model, int Count>
class instances {
  static_assert(Count > 0, "etch: instances: the number of instances is not positive");
  using arguments = typename Model::signature::arguments;
  using function_result = typename Model::signature::result;
  using net = typename Model::net;
  template <class Argument>
  using all_of = typename runtime::argument_of_instances<Argument, Count>::type;
  template <class Tensor>
  using view_of_all = view<typename runtime::argument_of_instances<Tensor, Count>::tensor>;
  static constexpr bool has_dims = net::plan.lengths.size() > 0;

  static constexpr int in_groups(int least) {
    if constexpr (Model::is_dispatched || has_dims || Count < runtime::least_lanes)
      return 0;
    else
      return runtime::fits_side_by_side<net> ? runtime::in_groups(Count, least) : 0;
  }

 public:
  static constexpr auto size = static_cast<std::size_t>(Count);

  /// How many of the instances run side by side, with shared weights and with weights of their own:
  /// of models of linear and recurrent layers, streaming convolutions without groups, elementwise
  /// operators and what moves elements; in groups of 16, of which the last may have some less; own
  /// weights up to 8 KiB.
  static constexpr int side_by_side = in_groups(runtime::least_lanes);
  static constexpr int side_by_side_of_own = net::plan.weights_bytes <= runtime::most_own_bytes
                                                 ? in_groups(runtime::least_lanes_of_own)
                                                 : 0;

  /// Each instance has weights of its own.
  explicit instances(std::array<weights<Model>, size> of) : instances(std::move(of), 0) {
    if constexpr (side_by_side_of_own > 0)
      form_groups(
          groups::of_own([&](int i) { return weights_[static_cast<std::size_t>(i)].data(); }));
    if constexpr (calls_to_warm_up > 0) warm_up(arguments{});
  }

  /// All of them share the same.
  explicit instances(weights<Model> const& of)
      : instances(copies(of, std::make_index_sequence<size>{}), 0) {
    if constexpr (side_by_side > 0) form_groups(groups::of_shared(of.data()));
    if constexpr (calls_to_warm_up > 0) warm_up(arguments{});
  }

  instances(instances&&) noexcept = default;
  instances& operator=(instances&&) noexcept = default;

  /// The states of one of them, to be held as a reference: `auto& voice = run[1]`. What it hands
  /// out in place is valid until the next call.
  class instance
      : public runtime::stateful<
            net,
            std::conditional_t<(side_by_side > 0), runtime::lane_home<net>, runtime::own_block>> {
    friend instances;
  };

  instance& operator[](std::size_t i) noexcept { return states_[i]; }
  instance const& operator[](std::size_t i) const noexcept { return states_[i]; }

  /// Puts every state of every instance back to what the first call found.
  void reset() noexcept {
    for (instance& each : states_) each.reset();
  }

  /// Runs all instances on their inputs, in the order of the function's arguments; or, for named
  /// ones, in any order: `run("x"_t = x, "gain"_t = gain)`. The views of the results are valid
  /// until the next call.
  template <class... Inputs>
  auto operator()(Inputs const&... inputs) noexcept(!has_dims && !runtime::has_caches<net>) {
    static_assert(sizeof...(Inputs) == arguments::size,
                  "etch: session: the number of inputs is not that of the model's arguments");
    if constexpr (sizeof...(Inputs) == arguments::size && has_dims)
      return bounded_call(arguments{}, runtime::input_bytes(arguments{}, inputs...));
    else if constexpr (sizeof...(Inputs) == arguments::size)
      return call(arguments{}, inputs...);
  }

 private:
  struct no_groups {};
  using groups = std::conditional_t<(side_by_side > 0), runtime::lane_groups<net, arguments, Count>,
                                    no_groups>;

  instances(std::array<weights<Model>, size> of, int) : weights_(std::move(of)) {
    memory_.workspace = workspace_.data();
    if constexpr (Model::cost().steps_in_loops > 0)
      memory_.run_reference = &runtime::run_reference<net>;
    for (std::size_t i = 0; i < size; ++i) states_[i].begin_states(weights_[i].data());
  }

  static constexpr int calls_to_warm_up =
      has_dims ? 0
               : runtime::calls_to_warm_up(Count * Model::cost().flops, Count* Model::cost().bytes);

  /// Calls on zeros, as sessions make them; the states go back to where calls look for them.
  template <class... A>
  void warm_up(front::types<A...>) {
    runtime::untrapped const guard;
    std::size_t most = 1;
    ((most = std::max(most, size * static_cast<std::size_t>(A::type.bytes()))), ...);
    runtime::aligned_memory const zeros(most);
    inputs_in_turn<A...> of_instance;
    of_instance.first.fill(zeros.data());
    for (int i = 0; i < calls_to_warm_up; ++i) {
      if constexpr (runtime::has_caches<net>)
        if (!room_for(of_instance)) break;
      run_all(of_instance);
    }
    reset();
    if constexpr (side_by_side > 0)
      if (groups_) put_back_states();
  }

  void form_groups(groups of) {
    groups_.emplace(std::move(of));
    for (int i = 0; i < groups_->size(); ++i)
      states_[static_cast<std::size_t>(i)].move_in(groups_->states_of(i / runtime::lanes),
                                                   static_cast<std::size_t>(i % runtime::lanes));
  }

  template <std::size_t Inputs>
  using pointers = std::array<void const*, Inputs + 1>;

  template <std::size_t... I>
  static std::array<weights<Model>, size> copies(weights<Model> const& of,
                                                 std::index_sequence<I...>) {
    return {(static_cast<void>(I), of)...};
  }

  /// The inputs of instance i behind those of instance 0.
  template <class... A>
  struct inputs_in_turn {
    pointers<sizeof...(A)> first;

    ETCH_INLINE pointers<sizeof...(A)> operator()(std::size_t i) const noexcept {
      constexpr std::array<std::size_t, sizeof...(A) + 1> bytes{
          static_cast<std::size_t>(A::type.bytes())..., 0};
      pointers<sizeof...(A)> from = first;
      for (std::size_t k = 0; k < sizeof...(A); ++k)
        from[k] = static_cast<std::byte const*>(first[k]) + i * bytes[k];
      return from;
    }
  };

  template <class... A, class... Inputs>
  auto call(front::types<A...>, Inputs const&... inputs) noexcept(!runtime::has_caches<net>) {
    pointers<sizeof...(A)> const all =
        runtime::input_pointers(front::types<all_of<A>...>{}, inputs...);
    inputs_in_turn<A...> const of_instance{all};
    if constexpr (runtime::has_caches<net>) {
      using answer = result<decltype(views())>;
      if (auto const room = room_for(of_instance); !room) return answer(room.error());
      run_all(of_instance);
      return answer(views());
    } else {
      run_all(of_instance);
      return views();
    }
  }

  /// All instances on inputs of one size.
  template <class... A>
  auto bounded_call(front::types<A...>,
                    std::array<std::span<std::byte const>, sizeof...(A)> const& inputs) {
    using answer = result<decltype(blocks())>;
    constexpr std::array<std::size_t, sizeof...(A)> bytes{size_of(A::type.dtype)...};
    std::array<std::span<std::byte const>, sizeof...(A)> of_one;
    for (std::size_t k = 0; k < of_one.size(); ++k) {
      std::size_t const numbers = inputs[k].size() / bytes[k];
      if (numbers % size != 0)
        return answer(error{errc::invalid_argument,
                            "etch: instances: input " + std::to_string(k) + " has " +
                                std::to_string(numbers) +
                                " numbers, which are not as many for each of " +
                                std::to_string(size) + " instances",
                            {}});
      of_one[k] = inputs[k].first(inputs[k].size() / size);
    }
    runtime::call_lengths<A...> lengths;
    if (auto const taken = lengths.take(of_one, net::limits); !taken) return answer(taken.error());
    lengths_.take(lengths);
    memory_.lengths = lengths_.data();
    auto const of_instance = [&](std::size_t i) {
      pointers<sizeof...(A)> from{};
      for (std::size_t k = 0; k < of_one.size(); ++k)
        from[k] = of_one[k].data() + i * of_one[k].size();
      return from;
    };
    if constexpr (runtime::has_caches<net>) {
      if (auto const room = room_for(of_instance); !room) return answer(room.error());
    }
    run_all(of_instance);
    return answer(blocks());
  }

  /// Whether the caches of every instance have room for the call.
  template <class InputsOf>
  result<void> room_for(InputsOf const& inputs_of) {
    for (std::size_t i = 0; i < size; ++i) {
      auto const from = inputs_of(i);
      memory_.inputs = from.data();
      memory_.state = states_[i].kept_states();
      if (auto const room = runtime::room_in_caches<net>("instances", memory_); !room) return room;
    }
    return {};
  }

  template <class InputsOf>
  void run_all(InputsOf const& inputs_of) noexcept {
    flush_denormals const guard;
    for (std::size_t i = run_groups(inputs_of); i < size; ++i) {
      auto const from = inputs_of(i);
      memory_.inputs = from.data();
      run(i);
    }
  }

  auto views() noexcept {
    auto const at = [&](std::size_t k) {
      return runtime::untyped_numbers{results_.data() + result_offset(k)};
    };
    return runtime::results<function_result, view_of_all>(at, std::make_index_sequence<outputs>{});
  }

  auto blocks() noexcept {
    auto const at = [&](std::size_t k) {
      return runtime::untyped_block{results_.data() + result_offset(k),
                                    size * lengths_.elements_of(net::outputs[k])};
    };
    return runtime::results<function_result, runtime::block_of>(
        at, std::make_index_sequence<outputs>{});
  }

  void put_back_states() noexcept {
    for (std::size_t i = 0; i < static_cast<std::size_t>(groups_->size()); ++i)
      states_[i].put_back(states_[i].kept_states());
  }

  /// Runs those that are side by side; returns how many they are.
  template <class InputsOf>
  std::size_t run_groups([[maybe_unused]] InputsOf const& inputs_of) noexcept {
    if constexpr (side_by_side > 0) {
      if (!groups_) return 0;
      auto const count = static_cast<std::size_t>(groups_->size());
      put_back_states();
      std::array<std::byte*, outputs> results;
      for (std::size_t k = 0; k < outputs; ++k) results[k] = results_.data() + result_offset(k);
      auto const first = inputs_of(0);
      groups_->run(first.data(), results.data());
      return count;
    } else {
      return 0;
    }
  }

  /// Runs one instance, and keeps its results.
  void run(std::size_t i) noexcept {
    memory_.weights = weights_[i].data();
    memory_.state = states_[i].kept_states();
    if constexpr (Model::is_dispatched)
      weights_[i].entry().run(memory_);
    else
      lower::run<net>(memory_);
    keep_results(i, std::make_index_sequence<outputs>{});
  }

  static constexpr std::size_t outputs = net::outputs.size();
  static constexpr std::size_t result_bytes(std::size_t k) {
    return static_cast<std::size_t>(net::outputs[k].type.bytes());
  }
  /// Where result k of instance 0 is.
  static constexpr std::size_t result_offset(std::size_t k) {
    std::size_t offset = 0;
    for (std::size_t before = 0; before < k; ++before)
      offset += (size * result_bytes(before) + 63) / 64 * 64;
    return offset;
  }

  template <std::size_t... K>
  void keep_results(std::size_t i, std::index_sequence<K...>) noexcept {
    (keep_result<K>(i), ...);
  }
  template <std::size_t K>
  void keep_result(std::size_t i) noexcept {
    std::size_t bytes = result_bytes(K);
    if constexpr (net::outputs[K].length >= 0)
      bytes = lengths_.elements_of(net::outputs[K]) * size_of(net::outputs[K].type.dtype);
    std::memcpy(results_.data() + result_offset(K) + i * bytes,
                runtime::address_of(memory_, net::outputs[K]), bytes);
  }

  std::array<weights<Model>, size> weights_;
  std::array<instance, size> states_;
  runtime::aligned_memory workspace_{static_cast<std::size_t>(net::plan.workspace_bytes)};
  runtime::aligned_memory results_{result_offset(outputs)};
  lower::memory memory_;
  runtime::plan_lengths<net> lengths_;
  std::optional<groups> groups_;
};

}  // namespace etch
