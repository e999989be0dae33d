#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <etch/runtime/block.hpp>
#include <etch/runtime/call_inputs.hpp>
#include <etch/runtime/call_lengths.hpp>
#include <etch/runtime/check_capacity.hpp>
#include <etch/runtime/executor.hpp>
#include <etch/runtime/flush_denormals.hpp>
#include <etch/runtime/results.hpp>
#include <etch/runtime/stateful.hpp>
#include <etch/runtime/view.hpp>
#include <etch/runtime/warm_up.hpp>
#include <etch/runtime/weights.hpp>

namespace etch {

namespace runtime {

/// A step without a vector kernel: the operator's plain loops, from the plan in static memory.
template <class Net>
void run_reference(int number, void* out, void const* const* in) {
  constexpr std::size_t most = [] {
    std::size_t operands = 1;
    for (plan::step const& step : Net::plan.steps) {
      if (static_cast<std::size_t>(step.operands.count) > operands)
        operands = static_cast<std::size_t>(step.operands.count);
    }
    return operands;
  }();
  auto const& plan = Net::plan;
  plan::step const& step = plan.steps[static_cast<std::size_t>(number)];
  std::array<ir::tensor_ref, most> operands{};
  for (int i = 0; i < step.operands.count; ++i)
    operands[static_cast<std::size_t>(i)] = {const_cast<void*>(in[i]), plan.operand(step, i).type};
  step.op->reference({operands.data(), static_cast<std::size_t>(step.operands.count)},
                     {out, step.result.type}, plan.words.data() + step.words.first);
}

}  // namespace runtime

/// Runs a model. Holds the workspace, so it is one per thread; all memory is taken when it is made.
///   session<Digits> run{weights};
///   auto p = run(pixels);      // views into the session, valid until the next call
/// What the model declares as `state` is kept here from call to call.
/// A call is noexcept, allocates nothing, takes no lock and makes no system call. A small model is
/// called a few times on zeros where the session is made, so that its first call takes little
/// longer than the next. A call runs on the thread that makes it. With an executor the large steps
/// are shared among its threads, and the results are the same to the bit; what the executor does to
/// wake and await them is its own. A call of a model with `cached_attention` returns a result,
/// since a cache may be full:
///   auto p = run(token);
///   if (!p) return p.error();  // errc::exhausted, and nothing is changed
/// Where the model has dims, a call takes ranges of any size and returns a `result`, whose tensors
/// are spans of the size of that call; an error allocates its text. Which steps are large enough
/// for several threads is decided by the rows of the call.
///   auto y = run(tokens);      // T is tokens.size(), 1 to the bound of T
///   if (!y) report(y.error().text);
/// errors  see runtime::call_lengths; nothing is changed then
template <class Model>
class session : public runtime::stateful<typename Model::net> {
  using arguments = typename Model::signature::arguments;
  using function_result = typename Model::signature::result;
  using net = typename Model::net;
  static constexpr bool has_dims = net::plan.lengths.size() > 0;
  static constexpr int calls_to_warm_up =
      runtime::calls_to_warm_up(Model::cost().flops, Model::cost().bytes);

 public:
  static constexpr auto workspace_bytes = static_cast<std::size_t>(Model::memory().workspace_bytes);

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
      return bounded_call(arguments{}, runtime::input_bytes(arguments{}, inputs...));
    else if constexpr (sizeof...(Inputs) == arguments::size)
      return call(runtime::input_pointers(arguments{}, inputs...).data());
  }

  /// Runs the model `calls` times on zeros, so that its states settle; fewer times where a cache is
  /// full before. Takes memory for the zeros.
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
    for (int i = 0; i < calls; ++i) {
      memory_.inputs = from.data();
      if constexpr (runtime::has_caches<net>)
        if (!runtime::room_in_caches<net>("session", memory_)) return;
      compute(from.data());
    }
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

  template <class... A>
  auto bounded_call(front::types<A...>,
                    std::array<std::span<std::byte const>, sizeof...(A)> const& inputs) {
    auto const at = [&](std::size_t i) {
      return runtime::untyped_block{runtime::address_of(memory_, net::outputs[i]),
                                    lengths_.elements_of(net::outputs[i])};
    };
    auto const blocks = [&] {
      return runtime::results<function_result, runtime::block_of>(
          at, std::make_index_sequence<net::outputs.size()>{});
    };
    using block = decltype(blocks());
    runtime::call_lengths<A...> lengths;
    if (auto const taken = lengths.take(inputs, net::limits); !taken)
      return result<block>(taken.error());
    use(lengths);
    std::array<void const*, sizeof...(A)> from{};
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = inputs[i].data();
    if constexpr (runtime::has_caches<net>) {
      memory_.inputs = from.data();
      if (auto const room = runtime::room_in_caches<net>("session", memory_); !room)
        return result<block>(room.error());
    }
    compute(from.data());
    return result<block>(blocks());
  }

  template <class Lengths>
  void use(Lengths const& of_dims) noexcept {
    lengths_.take(of_dims);
    memory_.lengths = lengths_.data();
  }

  void compute(void const* const* inputs) noexcept {
    memory_.inputs = inputs;
    flush_denormals const guard;
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
    this->begin_states(weights_.data());
    memory_.state = this->kept_states();
    if constexpr (Model::cost().steps_in_loops > 0)
      memory_.run_reference = &runtime::run_reference<net>;
    memory_.split = threads.splitter();
    constexpr auto scratch = static_cast<std::size_t>(net::plan.scratch_bytes);
    if (auto const others = static_cast<std::size_t>(memory_.split.parts - 1);
        scratch > 0 && others > 0) {
      scratch_ = runtime::aligned_memory(others * scratch);
      memory_.split.scratch = scratch_.data();
    }
    run_ = weights_.entry().run;
    if constexpr (calls_to_warm_up > 0) warm_up();
  }

  /// On the calling thread alone.
  void warm_up() {
    runtime::untrapped const guard;
    auto const split = std::exchange(memory_.split, {});
    prewarm(calls_to_warm_up);
    memory_.split = split;
    this->reset();
  }

  template <class Arguments>
  struct lengths_for;
  template <class... A>
  struct lengths_for<front::types<A...>> {
    using type = runtime::call_lengths<A...>;
  };

  weights<Model> weights_;
  runtime::aligned_memory own_;
  runtime::aligned_memory scratch_;  // of the executor's other threads
  lower::memory memory_;
  runtime::plan_lengths<net> lengths_;
  void (*run_)(lower::memory const&) noexcept = nullptr;
};

}  // namespace etch
