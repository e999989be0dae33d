#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include <boost/hana/at.hpp>
#include <boost/hana/keys.hpp>
#include <boost/hana/map.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/size.hpp>
#include <boost/hana/tuple.hpp>

#include <etch/front/splice.hpp>
#include <etch/passes/stream_convolutions.hpp>
#include <etch/runtime/streaming.hpp>

namespace etch {

namespace detail {

/// The lengths of the two sequences that a family is traced for: what differs between them are the
/// rows. A multiple of most strides, and longer than what models look back.
inline constexpr int probe_rows = 80640;
inline constexpr int longer_probe_rows = 2 * probe_rows;

/// The type of an argument for `rows` rows, from those of the probes.
constexpr ir::tensor_type argument_type(ir::tensor_type probe, ir::tensor_type const& longer,
                                        int rows) {
  for (int i = 0; i < probe.rank(); ++i) {
    if (probe.shape[i] != longer.shape[i]) probe.shape[i] = rows;
  }
  return probe;
}

template <class Probe, class Longer, int Rows>
struct argument_with_rows {
  static constexpr ir::tensor_type value = argument_type(Probe::type, Longer::type, Rows);
  using type = typename front::argument_like<Probe, front::tensor_for<value>>::type;
};

/// What a family becomes for blocks of `Rows` rows.
template <auto Family, int Rows>
constexpr passes::streamed_graph streamed() {
  ir::graph const whole = front::trace<with_rows<Family, probe_rows>>();
  ir::graph const longer = front::trace<with_rows<Family, longer_probe_rows>>();
  auto const rows = passes::find_rows(whole, longer, probe_rows, longer_probe_rows);
  if (rows.fault != passes::sequence_fault::none) {
    passes::streamed_graph none;
    none.fault = rows.fault;
    none.at = rows.at;
    return none;
  }
  return passes::stream_convolutions(whole, rows, probe_rows, Rows)();
}

/// What the compiler has to know of it before it is recorded.
template <auto Family, int Rows>
struct streamed_facts {
  using result = typename front::signature<
      with_rows_of<Family, probe_rows, arguments_with_rows<Family, probe_rows>>>::result;
  static constexpr std::size_t outputs = [] {
    if constexpr (front::form_of<result>() == front::result_form::one)
      return std::size_t{1};
    else
      return decltype(boost::hana::size(std::declval<result>()))::value;
  }();
  struct values {
    std::int64_t delay = 0;
    passes::sequence_fault fault = passes::sequence_fault::none;
    ir::op_key at;
    std::array<ir::tensor_type, outputs> types{};
  };
  static constexpr values found = [] {
    auto const made = streamed<Family, Rows>();
    values facts{made.delay, made.fault, made.at, {}};
    for (std::size_t i = 0; i < made.graph.outputs.size(); ++i)
      facts.types[i] = made.graph[made.graph.outputs[i]].type;
    return facts;
  }();
};

/// The tensor of one result.
template <class Facts, std::size_t I>
struct streamed_result {
  static constexpr ir::tensor_type value = Facts::found.types[I];
  using type = front::tensor_for<value>;
};

/// The named check of an operator of a function over a sequence.
template <ir::op_key Operator>
struct operator_on_rows {
  static constexpr bool streams = Operator.view().empty();
};
template <passes::sequence_fault Fault>
struct sequence_function {
  static constexpr bool has_rows_alone = Fault != passes::sequence_fault::length;
  static constexpr bool has_rows_outermost = Fault != passes::sequence_fault::edges;
  static constexpr bool has_no_states = Fault != passes::sequence_fault::state;
  static constexpr bool shares_weights = Fault != passes::sequence_fault::row_weight;
  static constexpr bool divides_blocks = Fault != passes::sequence_fault::stride;
};

template <auto Family, class Probe, class Longer>
struct streamed_family;

template <auto Family, class... Probe, class... Longer>
struct streamed_family<Family, front::types<Probe...>, front::types<Longer...>> {
  template <int Rows>
  constexpr auto operator()(typename argument_with_rows<Probe, Longer, Rows>::type... x) const {
    static_assert(sizeof...(Probe) > 0, "etch: streaming_form: the function has no arguments");
    static_assert(!front::has_bounded(front::types<Probe...>{}),
                  "etch: streaming_form: an argument has a dim: the rows of a block are T");
    using facts = streamed_facts<Family, Rows>;
    constexpr auto fault = facts::found.fault;
    using function = sequence_function<fault>;
    static_assert(function::has_rows_alone,
                  "etch: streaming_form: the function does more with the length of the sequence "
                  "than to have so many rows");
    static_assert(function::has_rows_outermost,
                  "etch: streaming_form: no argument has rows, or those of an argument or a result "
                  "are not outermost: transpose it inside of the function");
    static_assert(function::has_no_states,
                  "etch: streaming_form: the function has states of its own: write it for blocks, "
                  "with causal_conv1d");
    static_assert(function::shares_weights,
                  "etch: streaming_form: a weight or a literal has a value for each row of the "
                  "sequence");
    static_assert(function::divides_blocks,
                  "etch: streaming_form: a stride does not divide the rows of a block: give "
                  "streaming a granule");
    constexpr bool streams = fault != passes::sequence_fault::operation;
    static_assert(operator_on_rows < streams ? ir::op_key() : facts::found.at > ::streams,
                  "etch: streaming_form: an operator reads rows other than its own, which only "
                  "convolutions can in a stream (no sums, attention, loops or pools over time)");
    if constexpr (fault == passes::sequence_fault::none) {
      std::array<ir::node_id, sizeof...(Probe)> const inputs{x.id()...};
      auto& in = front::recording_of(x...);
      auto const to = front::splice(in, streamed<Family, Rows>().graph, inputs);
      return results<typename facts::result, facts>(in, to,
                                                    std::make_index_sequence<facts::outputs>{});
    } else {
      return std::get<0>(std::tuple(x...));
    }
  }

  /// Row t of what the function makes of the whole sequence is row t + delay() of the stream, both
  /// in rows of the sequence.
  static constexpr std::size_t delay() {
    return static_cast<std::size_t>(streamed_facts<Family, probe_rows>::found.delay);
  }

 private:
  template <class Facts, std::size_t I>
  static constexpr auto output(front::recorder& in, core::list<ir::node_id> const& ids) {
    return typename streamed_result<Facts, I>::type(in, ids[I]);
  }

  /// The results in the form that the function gives them.
  template <class Result, class Facts, std::size_t... I>
  static constexpr auto results(front::recorder& in, core::list<ir::node_id> const& ids,
                                std::index_sequence<I...>) {
    namespace hana = boost::hana;
    constexpr auto form = front::form_of<Result>();
    if constexpr (form == front::result_form::one) {
      return output<Facts, 0>(in, ids);
    } else if constexpr (form == front::result_form::tuple) {
      return hana::make_tuple(output<Facts, I>(in, ids)...);
    } else {
      return hana::make_map(hana::make_pair(
          std::remove_cvref_t<decltype(hana::at_c<I>(hana::keys(std::declval<Result const&>())))>{},
          output<Facts, I>(in, ids))...);
    }
  }
};

}  // namespace detail

/// The streaming form of a function over whole sequences: a family over the rows of a block.
///   inline constexpr auto whole = []<int T>(tensor<float, T, 1> x) {
///     constexpr signal_conv near{.kernel = 3, .padding = same, .layout = nlc};
///     auto const h = tanh(conv1d<8, near>("a", x));
///     return linear<1>("out", h + conv1d<8, near>("b", h));
///   };
///   using Live = streaming<streaming_form<whole>, 512>;
///   static_assert(Live::delay() == 2 && Live::receptive_field() == 5);
/// Each convolution keeps the rows that it needs of the blocks before. What looks ahead comes
/// later: `delay()` rows, so those of the beginning are dropped, and as many rows follow the end.
/// A convolution may be padded, not padded, dilated, strided; what else goes with the rows is
/// elementwise, linear, or a norm, a softmax or a reduction along other axes.
/// numerics  the bits of the function over the whole sequence, for the rows that depend on rows of
///           the sequence alone: those with a receptive field of rows before and behind them. Near
///           the ends a layer behind the first reads zeros in the whole sequence, and in the stream
///           what the layers before it make of rows outside. Where each convolution is padded by
///           (kernel - 1) dilation rows before and by none behind, all rows have the same bits
/// errors    an operator that reads rows in another way, states, weights with a value for each row,
///           rows that are not outermost in an argument or result, a stride that does not divide
///           the granule
template <auto Family>
inline constexpr detail::streamed_family<
    Family, detail::arguments_with_rows<Family, detail::probe_rows>,
    detail::arguments_with_rows<Family, detail::longer_probe_rows>>
    streaming_form{};

}  // namespace etch
