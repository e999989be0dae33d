#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/hana/at.hpp>
#include <boost/hana/at_key.hpp>
#include <boost/hana/keys.hpp>
#include <boost/hana/map.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/tuple.hpp>

#include <etch/runtime/executor.hpp>
#include <etch/runtime/flush_denormals.hpp>
#include <etch/runtime/view.hpp>
#include <etch/runtime/weights.hpp>

namespace etch {

namespace runtime {

/// A step without a vector kernel: the operator's plain loops, from the plan in static memory.
template <class Model>
void run_reference(int number, void* out, void const* const* in) {
  constexpr std::size_t most = [] {
    std::size_t operands = 1;
    for (plan::step const& step : Model::net::plan.steps) {
      if (static_cast<std::size_t>(step.operands.count) > operands)
        operands = static_cast<std::size_t>(step.operands.count);
    }
    return operands;
  }();
  auto const& plan = Model::net::plan;
  plan::step const& step = plan.steps[static_cast<std::size_t>(number)];
  std::array<ir::tensor_ref, most> operands{};
  for (int i = 0; i < step.operands.count; ++i)
    operands[static_cast<std::size_t>(i)] = {const_cast<void*>(in[i]), plan.operand(step, i).type};
  step.op->reference({operands.data(), static_cast<std::size_t>(step.operands.count)},
                     {out, step.result.type}, plan.words.data() + step.words.first);
}

/// Key I of a map from names to tensors, and the tensor behind it.
template <class Map, std::size_t I>
using key_at = std::remove_cvref_t<decltype(boost::hana::at_c<I>(
    boost::hana::keys(std::declval<Map const&>())))>;
template <class Map, std::size_t I>
using tensor_behind =
    front::tensor_of<std::remove_cvref_t<decltype(std::declval<Map const&>()[key_at<Map, I>{}])>>;

/// What a call returns, in the form of the function's result: a `Handle` for each tensor, made from
/// at(its number).
template <class Result, template <class> class Handle = view, class At, std::size_t... I>
auto results(At const& at, std::index_sequence<I...>) {
  namespace hana = boost::hana;
  constexpr auto form = front::form_of<Result>();
  if constexpr (form == front::result_form::one) {
    return Handle<front::tensor_of<Result>>(at(0));
  } else if constexpr (form == front::result_form::tuple) {
    return hana::make_tuple(
        Handle<front::tensor_of<
            std::remove_cvref_t<decltype(std::declval<Result const&>()[hana::size_c<I>])>>>(
            at(I))...);
  } else {
    return hana::make_map(
        hana::make_pair(key_at<Result, I>{}, Handle<tensor_behind<Result, I>>(at(I)))...);
  }
}

/// Which state of a plan has that name, or the number of its states.
template <class Net>
consteval std::size_t state_named(std::string_view name) {
  auto const& states = Net::plan.states;
  std::size_t i = 0;
  for (; i < states.size(); ++i) {
    ir::range const at = states[i].name;
    if (std::string_view(Net::plan.text.data() + at.first, static_cast<std::size_t>(at.count)) ==
        name)
      break;
  }
  return i;
}

/// The named check of a state's name.
template <class Net, class Key>
struct state_of {
  static constexpr std::size_t number = state_named<Net>(Key::view());
  static constexpr bool exists = number < Net::plan.states.size();
  static constexpr ir::tensor_type type = [] {
    if constexpr (exists)
      return Net::plan.states[number].at.type;
    else
      return ir::tensor_type{};
  }();
  using tensor = front::tensor_for<type>;
};

/// The check, with both types in its name, that `Numbers` are what an argument of a call takes.
template <class Tensor, class Numbers>
struct numbers_for {
  static constexpr bool ok = std::is_constructible_v<input<Tensor>, Numbers const&>;
  static constexpr void demand() {
    static_assert(ok,
                  "etch: session: an input has another size or dtype than the model's argument");
  }
};

/// The pointer of the argument for input `name` among `name_t = value` pairs. A deduced result has
/// the body compiled at the call: clang's messages then lead to the user's line.
template <class Argument, class... Pairs>
auto named_input(Pairs const&... pairs) {
  void const* found = nullptr;
  auto const look = [&](auto const& pair) {
    using key = std::remove_cvref_t<decltype(boost::hana::first(pair))>;
    if constexpr (std::string_view(key::c_str()) == Argument::name) {
      using tensor = typename Argument::tensor_type;
      using numbers = std::remove_cvref_t<decltype(boost::hana::second(pair))>;
      numbers_for<tensor, numbers>::demand();
      if constexpr (numbers_for<tensor, numbers>::ok)
        found = input<tensor>(boost::hana::second(pair)).data();
    }
  };
  (look(pairs), ...);
  return found;
}

template <class Pair>
inline constexpr bool is_pair = boost::hana::is_a<boost::hana::pair_tag, Pair>;

template <class Argument, class Pair>
consteval bool is_for() {
  using key = std::remove_cvref_t<decltype(boost::hana::first(std::declval<Pair>()))>;
  if constexpr (front::named_tensor<Argument>)
    return std::string_view(key::c_str()) == Argument::name;
  else
    return false;
}

}  // namespace runtime

/// Runs a model. Holds the workspace, so it is one per thread; all memory is taken when it is made.
///   session<Digits> run{weights};
///   auto p = run(pixels);      // views into the session, valid until the next call
/// What the model declares as `state` is kept here from call to call.
/// A call is noexcept, allocates nothing, takes no lock and makes no system call. It runs on the
/// thread that makes it. With an executor the large steps are shared among its threads, and the
/// results are the same to the bit; what the executor does to wake and await them is its own.
template <class Model>
class session {
  using arguments = typename Model::signature::arguments;
  using function_result = typename Model::signature::result;
  using net = typename Model::net;

 public:
  static constexpr auto workspace_bytes = static_cast<std::size_t>(Model::memory().workspace_bytes);
  static constexpr auto state_bytes = static_cast<std::size_t>(Model::memory().state_bytes);

  /// Takes its workspace from the heap, once.
  explicit session(weights<Model> of, executor_ref threads = {})
      : weights_(std::move(of)), own_(workspace_bytes) {
    bind(own_.data(), threads);
  }

  /// Uses the caller's memory: `workspace_bytes` bytes, aligned to 64, kept alive by the caller.
  session(weights<Model> of, std::span<std::byte, workspace_bytes> workspace,
          executor_ref threads = {})
      : weights_(std::move(of)) {
    bind(workspace.data(), threads);
  }

  session(session&&) noexcept = default;
  session& operator=(session&&) noexcept = default;

  /// Runs the model on its inputs, in the order of the function's arguments; or, for named ones, in
  /// any order: `run("pixels"_t = pixels, "mask"_t = mask)`.
  template <class... Inputs>
  auto operator()(Inputs const&... inputs) noexcept {
    static_assert(sizeof...(Inputs) == arguments::size,
                  "etch: session: the number of inputs is not that of the model's arguments");
    if constexpr (sizeof...(Inputs) == arguments::size) return call(arguments{}, inputs...);
  }

  /// Puts every state back to what the first call found.
  void reset() noexcept {
    std::memset(state_.data(), 0, net::rings.size() * sizeof(std::int64_t));
    for (plan::kept_state const& each : net::states) {
      auto const bytes = static_cast<std::size_t>(each.at.type.bytes());
      std::byte* const to = state_.data() + each.at.offset;
      if (each.initial.place == plan::place::weights)
        std::memcpy(to, weights_.data() + each.initial.offset, bytes);
      else
        std::memset(to, 0, bytes);
    }
  }

  /// Runs the model `calls` times on zeros, so that its states settle. Takes memory for the zeros.
  void prewarm(int calls) {
    std::size_t most = 1;
    [&]<class... A>(front::types<A...>) {
      ((most = std::max(most, static_cast<std::size_t>(A::type.bytes()))), ...);
    }(arguments{});
    runtime::aligned_memory const zeros(most);
    std::array<void const*, arguments::size + 1> from{};
    from.fill(zeros.data());
    for (int i = 0; i < calls; ++i) run(from.data());
  }

  /// All states as one block, in place: who cannot wait for memory copies it to save them.
  std::span<std::byte const, state_bytes> state() const noexcept {
    return std::span<std::byte const, state_bytes>(state_.data(), state_bytes);
  }

  /// A copy of all states, for `restore`.
  std::vector<std::byte> save() const { return {state_.data(), state_.data() + state_bytes}; }

  /// Puts back states that were saved from a session of this model.
  /// errors  the block has another size; nothing is changed then
  result<void> restore(std::span<std::byte const> saved) {
    if (saved.size() != state_bytes)
      return error{errc::invalid_argument,
                   "etch: session: the saved state has " + std::to_string(saved.size()) +
                       " bytes, the model's has " + std::to_string(state_bytes),
                   {}};
    std::copy(saved.begin(), saved.end(), state_.data());
    return {};
  }

  /// The numbers of one state, to read and to write: `run.state("h"_t)[0]`.
  template <class Key>
  auto state(Key) noexcept {
    using found = runtime::state_of<net, Key>;
    static_assert(found::exists, "etch: session: the model has no state of that name");
    using tensor = typename found::tensor;
    constexpr auto elements = static_cast<std::size_t>(tensor::elements);
    std::byte* at = state_.data();
    if constexpr (found::exists) {
      constexpr plan::location kept = net::plan.states[found::number].at;
      at += kept.offset;
      if constexpr (kept.ring >= 0)
        rewind(kept.ring, at, elements * sizeof(typename tensor::value_type));
    }
    return std::span<typename tensor::value_type, elements>(
        reinterpret_cast<typename tensor::value_type*>(at), elements);
  }

 private:
  /// Brings the rows that a ring keeps to its start.
  void rewind(int ring, std::byte* start, std::size_t bytes) noexcept {
    std::int64_t cursor;
    std::byte* const from = state_.data() + ring * static_cast<int>(sizeof cursor);
    std::memcpy(&cursor, from, sizeof cursor);
    std::memmove(start, start + cursor, bytes);
    std::memset(from, 0, sizeof cursor);
  }

  template <class... A, class... Inputs>
  auto call(front::types<A...>, Inputs const&... inputs) noexcept {
    if constexpr (sizeof...(Inputs) > 0 && (runtime::is_pair<Inputs> && ...)) {
      static_assert((has_input<A, Inputs...>() && ...),
                    "etch: session: a named input of the model is missing");
      void const* const from[]{runtime::named_input<A>(inputs...)...};
      return run(from);
    } else {
      (runtime::numbers_for<front::tensor_of<A>, Inputs>::demand(), ...);
      if constexpr ((runtime::numbers_for<front::tensor_of<A>, Inputs>::ok && ...)) {
        void const* const from[]{input<front::tensor_of<A>>(inputs).data()..., nullptr};
        return run(from);
      }
    }
  }

  template <class Argument, class... Pairs>
  static consteval bool has_input() {
    return (runtime::is_for<Argument, Pairs>() || ...);
  }

  auto run(void const* const* inputs) noexcept {
    memory_.inputs = inputs;
    {
      runtime::flush_denormals const guard;
      if constexpr (Model::is_dispatched)
        run_(memory_);
      else
        lower::run<net>(memory_);
    }
    auto const at = [&](std::size_t i) {
      return static_cast<void const*>(address(net::outputs[i]));
    };
    return typed_results(at);
  }

  template <class At>
  auto typed_results(At const& at) noexcept {
    return runtime::results<function_result>([&](std::size_t i) { return untyped{at(i)}; },
                                             std::make_index_sequence<net::outputs.size()>{});
  }

  /// Converts to a pointer to any element type.
  struct untyped {
    void const* data;
    template <class T>
    operator T const*() const noexcept {
      return static_cast<T const*>(data);
    }
  };

  void const* address(plan::location const& at) const noexcept {
    auto const offset = static_cast<std::ptrdiff_t>(at.offset);
    if (at.place == plan::place::input) return memory_.inputs[offset];
    if (at.place == plan::place::weights) return memory_.weights + offset;
    if (at.place == plan::place::state) return memory_.state + offset;
    return memory_.workspace + offset;
  }

  void bind(std::byte* workspace, executor_ref threads) {
    memory_.workspace = workspace;
    memory_.weights = weights_.data();
    memory_.state = state_.data();
    reset();
    if constexpr (Model::cost().steps_in_loops > 0)
      memory_.run_reference = &runtime::run_reference<Model>;
    memory_.split = threads.splitter();
    constexpr auto scratch = static_cast<std::size_t>(net::plan.scratch_bytes);
    if (auto const others = static_cast<std::size_t>(memory_.split.parts - 1);
        scratch > 0 && others > 0) {
      scratch_ = runtime::aligned_memory(others * scratch);
      memory_.split.scratch = scratch_.data();
    }
    run_ = weights_.entry().run;
  }

  weights<Model> weights_;
  runtime::aligned_memory own_;
  runtime::aligned_memory state_{state_bytes};
  runtime::aligned_memory scratch_;  // of the executor's other threads
  lower::memory memory_;
  void (*run_)(lower::memory const&) noexcept = nullptr;
};

}  // namespace etch
