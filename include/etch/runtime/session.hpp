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

#include <etch/runtime/block.hpp>
#include <etch/runtime/call_lengths.hpp>
#include <etch/runtime/check_capacity.hpp>
#include <etch/runtime/executor.hpp>
#include <etch/runtime/flush_denormals.hpp>
#include <etch/runtime/state_block.hpp>
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

/// Where a result of a call is.
inline void const* address_of(lower::memory const& m, plan::location const& at) noexcept {
  auto const offset = static_cast<std::ptrdiff_t>(at.offset);
  if (at.place == plan::place::input) return m.inputs[offset];
  if (at.place == plan::place::weights) return m.weights + offset;
  if (at.place == plan::place::state) return m.state + offset;
  return m.workspace + offset;
}

/// Converts to a pointer to any element type.
struct untyped_numbers {
  void const* data;
  template <class T>
  operator T const*() const noexcept {
    return static_cast<T const*>(data);
  }
};

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

/// The check, with both types in its name, that `Numbers` are what an argument of a call takes.
template <class Tensor, class Numbers>
struct numbers_for {
  static constexpr bool ok = std::is_constructible_v<input<Tensor>, Numbers const&>;
  static constexpr void demand() {
    static_assert(ok,
                  "etch: session: an input has another size or dtype than the model's argument");
  }
};

/// The same for an argument whose size the call decides.
template <class Element, class Numbers>
struct block_for {
  static constexpr bool ok = std::is_constructible_v<std::span<Element const>, Numbers const&>;
  static constexpr void demand() {
    static_assert(ok,
                  "etch: session: an input has another dtype than the model's argument, or is "
                  "no range of numbers");
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

/// Numbers of an input whose size the call decides. A deduced result, as for named_input.
template <class Argument, class Numbers>
auto bytes_of(Numbers const& numbers) noexcept {
  using element = typename front::tensor_of<Argument>::value_type;
  using block = block_for<element, Numbers>;
  block::demand();
  if constexpr (block::ok)
    return std::as_bytes(std::span<element const>(numbers));
  else
    return std::span<std::byte const>();
}

/// The same for input `name` among `name_t = value` pairs.
template <class Argument, class... Pairs>
auto named_bytes(Pairs const&... pairs) {
  std::span<std::byte const> found;
  auto const look = [&](auto const& pair) {
    using key = std::remove_cvref_t<decltype(boost::hana::first(pair))>;
    if constexpr (std::string_view(key::c_str()) == Argument::name)
      found = bytes_of<Argument>(boost::hana::second(pair));
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

template <class Argument, class... Pairs>
consteval bool has_input() {
  return (is_for<Argument, Pairs>() || ...);
}

/// Where the inputs of a call are, in the order of the arguments A, and a null pointer behind the
/// last one. All of them are null where an input does not fit, which does not compile.
template <class... A, class... Inputs>
auto input_pointers(front::types<A...>, Inputs const&... inputs) noexcept {
  std::array<void const*, sizeof...(A) + 1> from{};
  if constexpr (sizeof...(Inputs) > 0 && (is_pair<Inputs> && ...)) {
    static_assert((has_input<A, Inputs...>() && ...),
                  "etch: session: a named input of the model is missing");
    from = {named_input<A>(inputs...)..., nullptr};
  } else {
    (numbers_for<front::tensor_of<A>, Inputs>::demand(), ...);
    if constexpr ((numbers_for<front::tensor_of<A>, Inputs>::ok && ...))
      from = {input<front::tensor_of<A>>(inputs).data()..., nullptr};
  }
  return from;
}

}  // namespace runtime

/// Runs a model. Holds the workspace, so it is one per thread; all memory is taken when it is made.
///   session<Digits> run{weights};
///   auto p = run(pixels);      // views into the session, valid until the next call
/// What the model declares as `state` is kept here from call to call.
/// A call is noexcept, allocates nothing, takes no lock and makes no system call. It runs on the
/// thread that makes it. With an executor the large steps are shared among its threads, and the
/// results are the same to the bit; what the executor does to wake and await them is its own.
/// A call of a model with `cached_attention` returns a result, since a cache may be full:
///   auto p = run(token);
///   if (!p) return p.error();  // errc::exhausted, and nothing is changed
/// Where the model has dims, a call takes ranges of any size and returns a `result`, whose tensors
/// are spans of the size of that call; an error allocates its text. Steps with rows that the call
/// counts run on one thread.
///   auto y = run(tokens);      // T is tokens.size(), 1 to the bound of T
///   if (!y) report(y.error().text);
/// errors  see runtime::call_lengths; nothing is changed then
template <class Model>
class session {
  using arguments = typename Model::signature::arguments;
  using function_result = typename Model::signature::result;
  using net = typename Model::net;
  static constexpr bool has_dims = net::plan.lengths.size() > 0;

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
  /// any order: `run("pixels"_t = pixels, "mask"_t = mask)`. Views of the results, of a model with
  /// caches in an etch::result.
  template <class... Inputs>
  auto operator()(Inputs const&... inputs) noexcept(!has_dims && !runtime::has_caches<net>) {
    static_assert(sizeof...(Inputs) == arguments::size,
                  "etch: session: the number of inputs is not that of the model's arguments");
    if constexpr (sizeof...(Inputs) == arguments::size && has_dims)
      return bounded_call(arguments{}, inputs...);
    else if constexpr (sizeof...(Inputs) == arguments::size)
      return call(runtime::input_pointers(arguments{}, inputs...).data());
  }

  /// Puts every state back to what the first call found.
  void reset() noexcept { states_.reset(weights_.data()); }

  /// Runs the model `calls` times on zeros, so that its states settle. Takes memory for the zeros.
  void prewarm(int calls) {
    std::size_t most = 1;
    [&]<class... A>(front::types<A...>) {
      ((most = std::max(most, static_cast<std::size_t>(A::type.bytes()))), ...);
    }(arguments{});
    runtime::aligned_memory const zeros(most);
    std::array<void const*, arguments::size + 1> from{};
    from.fill(zeros.data());
    if constexpr (has_dims) {
      typename lengths_for<arguments>::type at_bounds;
      at_bounds.set_to_bounds();
      use(at_bounds);
    }
    for (int i = 0; i < calls; ++i) compute(from.data());
  }

  /// All states as one block, in place: who cannot wait for memory copies it to save them.
  std::span<std::byte const, state_bytes> state() const noexcept { return states_.bytes(); }

  /// A copy of all states, for `restore`.
  std::vector<std::byte> save() const { return {state().begin(), state().end()}; }

  /// Puts back states that were saved from a session of this model.
  /// errors  the block has another size; nothing is changed then
  result<void> restore(std::span<std::byte const> saved) { return states_.restore(saved); }

  /// The numbers of one state, to read and to write: `run.state("h"_t)[0]`.
  template <class Key>
  auto state(Key key) noexcept {
    return states_.numbers(key);
  }

 private:
  auto call(void const* const* inputs) noexcept(!runtime::has_caches<net>) {
    if constexpr (runtime::has_caches<net>) {
      using answer = result<decltype(run(inputs))>;
      memory_.inputs = inputs;
      if (auto const room = runtime::room_in_caches<net>("session", memory_); !room)
        return answer(room.error());
      return answer(run(inputs));
    } else {
      return run(inputs);
    }
  }

  template <class... A, class... Inputs>
  auto bounded_call(front::types<A...>, Inputs const&... inputs) {
    if constexpr ((runtime::is_pair<Inputs> && ...)) {
      static_assert((has_input<A, Inputs...>() && ...),
                    "etch: session: a named input of the model is missing");
      std::array<std::span<std::byte const>, sizeof...(A)> const from{
          runtime::named_bytes<A>(inputs...)...};
      return checked_call<A...>(from);
    } else {
      std::array<std::span<std::byte const>, sizeof...(A)> const from{
          runtime::bytes_of<A>(inputs)...};
      return checked_call<A...>(from);
    }
  }

  template <class... A>
  auto checked_call(std::array<std::span<std::byte const>, sizeof...(A)> const& inputs) {
    auto const at = [&](std::size_t i) {
      return runtime::untyped_block{runtime::address_of(memory_, net::outputs[i]),
                                    elements_in_use(net::outputs[i])};
    };
    auto const blocks = [&] {
      return runtime::results<function_result, runtime::block_of>(
          at, std::make_index_sequence<net::outputs.size()>{});
    };
    using block = decltype(blocks());
    constexpr std::array bytes{size_of(A::type.dtype)...};
    std::array<std::size_t, sizeof...(A)> sizes{};
    std::array<void const*, sizeof...(A)> from{};
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      sizes[i] = inputs[i].size() / bytes[i];
      from[i] = inputs[i].data();
    }
    runtime::call_lengths<A...> lengths;
    if (auto const taken = lengths.take(sizes, net::limits); !taken)
      return result<block>(taken.error());
    use(lengths);
    compute(from.data());
    return result<block>(blocks());
  }

  /// What the dims of a call make of the plan's lengths.
  template <class Lengths>
  void use(Lengths const& of_dims) noexcept {
    for (std::size_t i = 0; i < lengths_.size(); ++i) lengths_[i] = net::lengths[i].value(of_dims);
    memory_.lengths = lengths_.data();
  }

  std::size_t elements_in_use(plan::location const& at) const noexcept {
    auto const most = static_cast<std::size_t>(at.type.elements());
    if (at.length < 0) return most;
    auto const length = static_cast<std::size_t>(at.length);
    return most * static_cast<std::size_t>(lengths_[length]) /
           static_cast<std::size_t>(net::lengths[length].most());
  }

  template <class Argument, class... Pairs>
  static consteval bool has_input() {
    return (runtime::is_for<Argument, Pairs>() || ...);
  }

  void compute(void const* const* inputs) noexcept {
    memory_.inputs = inputs;
    runtime::flush_denormals const guard;
    if constexpr (Model::is_dispatched)
      run_(memory_);
    else
      lower::run<net>(memory_);
  }

  auto run(void const* const* inputs) noexcept {
    compute(inputs);
    auto const at = [&](std::size_t i) { return runtime::address_of(memory_, net::outputs[i]); };
    return typed_results(at);
  }

  template <class At>
  auto typed_results(At const& at) noexcept {
    return runtime::results<function_result>(
        [&](std::size_t i) { return runtime::untyped_numbers{at(i)}; },
        std::make_index_sequence<net::outputs.size()>{});
  }

  void bind(std::byte* workspace, executor_ref threads) {
    memory_.workspace = workspace;
    memory_.weights = weights_.data();
    memory_.state = states_.data();
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

  template <class Arguments>
  struct lengths_for;
  template <class... A>
  struct lengths_for<front::types<A...>> {
    using type = runtime::call_lengths<A...>;
  };

  weights<Model> weights_;
  runtime::aligned_memory own_;
  runtime::state_block<net> states_;
  runtime::aligned_memory scratch_;  // of the executor's other threads
  lower::memory memory_;
  std::array<std::int64_t, net::lengths.size()> lengths_{};
  void (*run_)(lower::memory const&) noexcept = nullptr;
};

}  // namespace etch
