#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <etch/compile.hpp>
#include <etch/plan/receptive_field.hpp>
#include <etch/runtime/entries.hpp>

namespace etch {

namespace detail {

template <class Call>
struct call_of_rows;
template <class C, class R, class... A>
struct call_of_rows<R (C::*)(A...) const> {
  using arguments = front::types<A...>;
};

/// A family of functions, of which one takes `Rows` rows: that one as a function of its own.
template <auto Family, int Rows, class Arguments>
struct with_rows_of;
template <auto Family, int Rows, class... A>
struct with_rows_of<Family, Rows, front::types<A...>> {
  constexpr auto operator()(A... a) const { return Family.template operator()<Rows>(a...); }
};

template <auto Family, int Rows>
using arguments_with_rows = typename call_of_rows<
    decltype(&std::remove_const_t<decltype(Family)>::template operator()<Rows>)>::arguments;

template <auto Family, int Rows>
inline constexpr with_rows_of<Family, Rows, arguments_with_rows<Family, Rows>> with_rows{};

/// Each size of a block's parts is so many times the next: three sizes do for 64 rows, and a block
/// of a power of two is put together from few.
inline constexpr int part_ratio = 8;

/// The rows of the largest part of a block.
constexpr int largest_block(int most, int granule) {
  int rows = granule;
  while (rows < 64 * granule && rows * part_ratio <= most) rows *= part_ratio;
  return rows;
}

constexpr options with_ring_calls(options of, int calls) {
  of.ring_calls = calls;
  return of;
}

}  // namespace detail

/// A model of signals, for blocks of any number of rows from 1 to `Max`: a family of functions over
/// the rows of a call, traced and planned for a few sizes, of which a block is put together.
///   inline constexpr auto amp = []<int T>(tensor<float, T, 1> x) {
///     auto const h = tanh(causal_conv1d<8, signal_conv{.kernel = 3}>("conv", x));
///     return linear<1>("out", h);
///   };
///   using Amp = streaming<amp, 512>;
///   stream<Amp> run{load<Amp>("amp.safetensors")};
/// Rows are independent but for the model's states, so all of a block's sizes give the same bits.
/// `Granule` is what the rows of a block are a multiple of: the stride of a model that has one.
/// errors  sizes whose weights or states differ: the function does more with T than to be of T rows
template <auto Family, int Max, options Options = options{}, int Granule = 1>
struct streaming : model<detail::with_rows<Family, detail::largest_block(Max, Granule)>, Options> {
  static_assert(!front::has_bounded(typename streaming::signature::arguments{}),
                "etch: streaming: an argument has a dim: the rows of a block are T");
  static_assert(Granule > 0 && Max > 0 && Max % Granule == 0,
                "etch: streaming: the most rows are not a multiple of the granule");
  static constexpr int max_rows = Max, granule = Granule;
  static constexpr int largest = detail::largest_block(Max, Granule);

  /// The model for `Rows` rows.
  template <int Rows>
  using part = model<detail::with_rows<Family, Rows>,
                     detail::with_ring_calls(Options, Options.ring_calls*(largest / Rows))>;

  /// The sizes that blocks are put together from: the largest, then each an eighth of the
  /// one before it, down to the granule.
  static constexpr int sizes = [] {
    int count = 1;
    for (int rows = largest; rows > Granule; rows /= detail::part_ratio) ++count;
    return count;
  }();
  /// How many rows of the input a row of the result depends on; 0: on all that came before. So many
  /// rows of silence settle the states: `run.prewarm(Amp::receptive_field())`.
  static constexpr std::size_t receptive_field() {
    return static_cast<std::size_t>(
        plan::receptive_field(streaming::trace(), static_cast<std::int64_t>(largest)));
  }

  /// How many rows later than in the function over the whole sequence a row comes: 0 but for a
  /// `streaming_form` that looks ahead.
  static constexpr std::size_t delay() {
    if constexpr (requires { Family.delay(); })
      return Family.delay();
    else
      return 0;
  }

  static constexpr int size(int i) { return i == 0 ? largest : size(i - 1) / detail::part_ratio; }
};

/// A streaming model whose code is built once per instruction set and picked at load, as that of a
/// `dispatched` one; see runtime/dispatch.hpp.
template <auto Family, int Max, options Options = options{}, int Granule = 1>
struct dispatched_streaming : streaming<Family, Max, Options, Granule> {
  static constexpr bool is_dispatched = true;

  /// From the least to the most capable; defined by ETCH_MODEL.
  static std::span<isa_entry const> entries() noexcept;
};

}  // namespace etch
