#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <utility>

#include <etch/runtime/block.hpp>
#include <etch/runtime/same_weights.hpp>
#include <etch/runtime/session.hpp>
#include <etch/runtime/streaming.hpp>

namespace etch {

namespace runtime {

/// The named check of what a stream runs.
template <class Model>
struct streaming_model {
  static constexpr bool has_parts = requires { Model::sizes; };
};

/// The named check that a part of a streaming model fits the others.
template <class Whole, class Part>
struct part_of_stream {
  static constexpr bool same_weights = runtime::same_weights(Whole::net::load, Part::net::load);
  static constexpr bool same_states = [] {
    auto const &a = Whole::net::states, &b = Part::net::states;
    if (a.size() != b.size() || Whole::net::plan.state_bytes != Part::net::plan.state_bytes)
      return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!(a[i].at == b[i].at) || !(a[i].initial == b[i].initial)) return false;
    }
    return true;
  }();
};

/// How the numbers of an argument or result go with the rows of a call.
struct numbers_by_row {
  std::size_t granule = 1;     ///< rows
  std::size_t of_granule = 0;  ///< 0: the numbers are the same for all rows
  std::size_t shared = 0;

  /// `most` rows have the first shape, `least` rows the second.
  constexpr numbers_by_row(ir::shape const& of_most, int most, ir::shape const& of_least, int least)
      : granule(static_cast<std::size_t>(least)),
        of_granule(static_cast<std::size_t>(of_least.elements())),
        shared(static_cast<std::size_t>(of_most.elements())) {
    if (of_most == of_least && most != least) of_granule = 0;
  }
  constexpr std::size_t of(std::size_t rows) const {
    return of_granule == 0 ? shared : rows / granule * of_granule;
  }
  /// Where the numbers of a row begin.
  constexpr std::size_t at(std::size_t row) const { return row / granule * of_granule; }
};

}  // namespace runtime

/// Runs a `streaming` model on blocks of any number of rows.
///   stream<Amp> run{load<Amp>("amp.safetensors")};
///   auto const y = run(samples);     // a result: a span of as many rows until the next call
///   if (!y) report(y.error().text);
/// The states go on from block to block, and the same signal gives the same bits however it is cut.
/// What is not in rows (a knob of the amplifier) is read as it is by all rows of a block. A call
/// allocates nothing, takes no lock and makes no system call, unless it returns an error. It runs
/// the instruction set of the file that it is compiled in, or of a `dispatched_streaming` model the
/// one that its weights were loaded for.
template <class Model>
class stream : public runtime::stateful<typename Model::net> {
  static_assert(
      runtime::streaming_model<Model>::has_parts,
      "etch: stream: the model is not streaming<family, max>; a session runs it, with any "
      "number of rows if it has a dim");
  using net = typename Model::net;
  using arguments = typename Model::signature::arguments;
  using function_result = typename Model::signature::result;
  template <int I>
  using part = typename Model::template part<Model::size(I)>;
  using least = part<Model::sizes - 1>;
  static constexpr int calls_to_warm_up =
      runtime::calls_to_warm_up(part<0>::cost().flops, part<0>::cost().bytes);

  template <class Result>
  using results_of = decltype(runtime::results<Result, runtime::block_of>(
      std::declval<runtime::untyped_block (*)(std::size_t)>(),
      std::make_index_sequence<net::outputs.size()>{}));

 public:
  using block = results_of<function_result>;
  static constexpr std::size_t max_rows = static_cast<std::size_t>(Model::max_rows);

  explicit stream(weights<Model> of) : weights_(std::move(of)) {
    check_parts(std::make_integer_sequence<int, Model::sizes>{});
    memory_.workspace = workspace_.data();
    memory_.weights = weights_.data();
    this->begin_states(weights_.data());
    memory_.state = this->kept_states();
    if constexpr (calls_to_warm_up > 0) warm_up();
  }

  stream(stream&&) noexcept = default;
  stream& operator=(stream&&) noexcept = default;

  /// Runs the model on the next rows of its inputs, in the order of the function's arguments.
  /// errors  no rows, more than `max_rows`, rows that are not a multiple of the granule; an input
  ///         that has not the numbers of that many rows; a cache that has no room for them. Nothing
  ///         is changed then
  template <class... Inputs>
  result<block> operator()(Inputs const&... inputs) {
    static_assert(sizeof...(Inputs) == arguments::size,
                  "etch: stream: the number of inputs is not that of the model's arguments");
    if constexpr (sizeof...(Inputs) == arguments::size) return call(arguments{}, inputs...);
  }

  /// Runs the model on so many rows of zeros, so that its states settle; on fewer where a cache is
  /// full before. Takes memory for them.
  void prewarm(std::size_t rows) {
    rows -= rows % static_cast<std::size_t>(Model::granule);
    std::size_t bytes = 1;
    [&]<class... A>(front::types<A...>) {
      ((bytes = std::max(bytes, static_cast<std::size_t>(A::type.bytes()))), ...);
    }(arguments{});
    constexpr auto most = static_cast<std::size_t>(Model::largest);
    runtime::aligned_memory const zeros(bytes * (max_rows / most + 1));
    std::array<std::byte const*, arguments::size + 1> from{};
    from.fill(zeros.data());
    while (rows > 0) {
      std::size_t const now = std::min(rows, max_rows);
      if (!room_for(from, now)) return;
      run(from.data(), now);
      rows -= now;
    }
  }

 private:
  template <class Tensor, class OfLeast>
  static constexpr runtime::numbers_by_row by_row{Tensor::type.shape, Model::largest,
                                                  OfLeast::type.shape, Model::granule};

  /// How each argument goes with the rows.
  static constexpr auto inputs_by_row = []<class... A, class... B>(front::types<A...>,
                                                                   front::types<B...>) {
    return std::array<runtime::numbers_by_row, sizeof...(A)>{by_row<A, B>...};
  }(arguments{}, typename least::signature::arguments{});
  static constexpr auto input_bytes = []<class... A>(front::types<A...>) {
    return std::array<std::size_t, sizeof...(A)>{size_of(A::type.dtype)...};
  }(arguments{});

  /// How each result goes with the rows, and where its first row is in `results_`.
  static constexpr std::size_t outputs = net::outputs.size();
  static constexpr runtime::numbers_by_row output_by_row(std::size_t i) {
    return {net::outputs[i].type.shape, Model::largest, least::net::outputs[i].type.shape,
            Model::granule};
  }
  static constexpr std::size_t output_bytes(std::size_t i) {
    return size_of(net::outputs[i].type.dtype);
  }
  static constexpr std::size_t output_offset(std::size_t i) {
    std::size_t offset = 0;
    for (std::size_t k = 0; k < i; ++k)
      offset += (output_by_row(k).of(max_rows) * output_bytes(k) + 63) / 64 * 64;
    return offset;
  }

  static constexpr std::size_t workspace_bytes = []<int... I>(std::integer_sequence<int, I...>) {
    return static_cast<std::size_t>(std::max({part<I>::net::plan.workspace_bytes...}));
  }
  (std::make_integer_sequence<int, Model::sizes>{});

  template <int... I>
  static constexpr void check_parts(std::integer_sequence<int, I...>) {
    static_assert((runtime::part_of_stream<Model, part<I>>::same_weights && ...),
                  "etch: stream: the function reads other weights for blocks of another size");
    static_assert((runtime::part_of_stream<Model, part<I>>::same_states && ...),
                  "etch: stream: the function has other states for blocks of another size");
  }

  template <class... A, class... Inputs>
  result<block> call(front::types<A...>, Inputs const&... inputs) {
    std::array<std::span<std::byte const>, sizeof...(A)> const all{bytes_of<A>(inputs)...};
    std::array<std::byte const*, sizeof...(A) + 1> from{};
    std::array<std::size_t, sizeof...(A)> sizes{};
    for (std::size_t i = 0; i < all.size(); ++i) {
      from[i] = all[i].data();
      sizes[i] = all[i].size() / input_bytes[i];
    }
    std::size_t rows = 0;
    for (std::size_t i = 0; i < sizes.size() && rows == 0; ++i) {
      runtime::numbers_by_row const& by = inputs_by_row[i];
      if (by.of_granule > 0) rows = sizes[i] * by.granule / by.of_granule;
    }
    if (rows == 0 || rows > max_rows || rows % static_cast<std::size_t>(Model::granule) != 0)
      return refused(rows);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      if (sizes[i] != inputs_by_row[i].of(rows)) return refused(i, sizes[i], rows);
    }
    if (auto const room = room_for(from, rows); !room) return room.error();
    run(from.data(), rows);
    auto const at = [&](std::size_t k) {
      return runtime::untyped_block{results_.data() + output_offset(k), output_by_row(k).of(rows)};
    };
    return runtime::results<function_result, runtime::block_of>(
        at, std::make_index_sequence<outputs>{});
  }

  /// Whether all caches have room for so many rows of these inputs.
  result<void> room_for(std::array<std::byte const*, arguments::size + 1> const& from,
                        std::size_t rows) {
    using net_of_least = typename least::net;
    if constexpr (runtime::has_caches<net_of_least>) {
      std::array<void const*, arguments::size + 1> inputs{};
      std::copy(from.begin(), from.end(), inputs.begin());
      memory_.inputs = inputs.data();
      return runtime::room_in_caches<net_of_least>(
          "stream", memory_, static_cast<std::int64_t>(rows) / Model::granule);
    } else {
      return {};
    }
  }

  /// As many rows as make a block of each size.
  void warm_up() {
    runtime::untrapped const guard;
    std::size_t rows = 0;
    for (int i = 0; i < Model::sizes; ++i) rows += static_cast<std::size_t>(Model::size(i));
    for (int i = 0; i < calls_to_warm_up; ++i) prewarm(rows);
    this->reset();
  }

  template <class Argument, class Input>
  static std::span<std::byte const> bytes_of(Input const& numbers) noexcept {
    return std::as_bytes(std::span<typename front::tensor_of<Argument>::value_type const>(numbers));
  }

  static error refused(std::size_t rows) {
    std::string text = "etch: stream: the block has " + std::to_string(rows) +
                       " rows, expected 1 to " + std::to_string(max_rows);
    if (Model::granule > 1) text += ", a multiple of " + std::to_string(Model::granule);
    return {errc::invalid_argument, std::move(text), {}};
  }
  static error refused(std::size_t input, std::size_t numbers, std::size_t rows) {
    return {errc::invalid_argument,
            "etch: stream: input " + std::to_string(input) + " has " + std::to_string(numbers) +
                " numbers, expected " + std::to_string(inputs_by_row[input].of(rows)) + " for " +
                std::to_string(rows) + " rows",
            {}};
  }

  void run(std::byte const* const* inputs, std::size_t rows) noexcept {
    flush_denormals const guard;
    run_parts<0>(inputs, 0, rows);
  }

  /// As many parts of size I as there is room for, then those that are smaller.
  template <int I>
  void run_parts(std::byte const* const* inputs, std::size_t done, std::size_t rows) noexcept {
    constexpr auto size = static_cast<std::size_t>(Model::size(I));
    for (; rows - done >= size; done += size) run_part<I>(inputs, done);
    if constexpr (I + 1 < Model::sizes) run_parts<I + 1>(inputs, done, rows);
  }

  template <int I>
  void run_part(std::byte const* const* inputs, std::size_t done) noexcept {
    using net_of_part = typename part<I>::net;
    void const* from[arguments::size + 1]{};
    for (std::size_t i = 0; i < arguments::size; ++i)
      from[i] = inputs[i] + inputs_by_row[i].at(done) * input_bytes[i];
    memory_.inputs = from;
    if constexpr (part<I>::cost().steps_in_loops > 0)
      memory_.run_reference = &runtime::run_reference<typename part<I>::net>;
    if constexpr (Model::is_dispatched) {
      memory_.part = I;
      weights_.entry().run(memory_);
    } else {
      lower::run<net_of_part>(memory_);
    }
    keep_results<net_of_part>(done, std::make_index_sequence<outputs>{});
  }

  template <class NetOfPart, std::size_t... I>
  void keep_results(std::size_t done, std::index_sequence<I...>) noexcept {
    (std::memcpy(results_.data() + output_offset(I) + output_by_row(I).at(done) * output_bytes(I),
                 runtime::address_of(memory_, NetOfPart::outputs[I]),
                 static_cast<std::size_t>(NetOfPart::outputs[I].type.bytes())),
     ...);
  }

  weights<Model> weights_;
  runtime::aligned_memory workspace_{workspace_bytes};
  runtime::aligned_memory results_{output_offset(outputs)};
  lower::memory memory_;
};

}  // namespace etch
