#pragma once

#include <etch/front/region.hpp>
#include <etch/ops/transpose.hpp>

namespace etch {

/// How a scan walks: along which axis of its sequences, and from which end.
struct scan_options {
  int axis = 0;
  bool reverse = false;
};

namespace ops {

/// The axes of `rank` with axis `from` moved to position `to`.
constexpr core::ints<6> moved_axis(int rank, int from, int to) {
  core::ints<6> order;
  for (int i = 0; i < rank; ++i) {
    if (i != from) order.push_back(i);
  }
  core::ints<6> moved;
  for (int i = 0, next = 0; i < rank; ++i)
    moved.push_back(i == to ? from : order[static_cast<std::size_t>(next++)]);
  return moved;
}

/// A number, or the extent where the call decides it.
template <int Axis, class Sequence>
consteval auto length_along() {
  if constexpr (Axis < 0 || Axis >= Sequence::rank)
    return std::int64_t{1};
  else if constexpr (constexpr extent own = front::extents_of<Sequence>[Axis]; own.is_fixed())
    return Sequence::type.shape[Axis];
  else
    return own;
}

/// The named checks of the sequences of a scan.
template <int Axis, class... Sequence>
struct sequences_of_scan {
  static constexpr bool have_axis = ((Axis >= 0 && Axis < Sequence::rank) && ...);
  static constexpr auto length = [] {
    if constexpr (sizeof...(Sequence) > 0)
      return length_along<Axis, std::tuple_element_t<0, std::tuple<Sequence...>>>();
    else
      return std::int64_t{1};
  }();
  static constexpr bool same_length = ((length_along<Axis, Sequence>() == length) && ...);
};

/// The named checks of what the body of a loop returns.
template <class Carried, class Returned>
struct body_of_loop {
  static constexpr bool enough = Returned::size >= Carried::size;
  using kept = typename front::first_types<Carried::size, Returned>::type;
  static constexpr bool keeps_types = !enough || front::same_types<Carried, kept>::ok;
};

/// A row of a sequence as a tensor.
template <class Sequence>
struct row_tensor {
  static constexpr ir::tensor_type row = ir::row_of(Sequence::type);
  using type = front::tensor_for<row>;
};

/// Rows of `Row` as a tensor.
template <auto Length, class Row, ir::tensor_type All>
consteval auto tensor_of_rows() {
  if constexpr (front::is_bounded<Length> && Row::rank < ir::max_rank) {
    constexpr front::bounded_type bounded = front::with_first_extent(All, Length);
    return std::type_identity<front::tensor_with<bounded>>{};
  } else {
    return std::type_identity<front::tensor_for<All>>{};
  }
}

template <auto Length, class Row>
struct collected {
  static constexpr bool ok = Row::rank < ir::max_rank;
  static constexpr ir::tensor_type all = [] {
    if constexpr (ok)
      return ir::sequence_of(Row::type, static_cast<std::int64_t>(Length));
    else
      return Row::type;
  }();
  using type = typename decltype(tensor_of_rows<Length, Row, all>())::type;
};

template <std::size_t Carried, auto Length, class... Out, std::size_t... I>
constexpr auto scan_results(front::types<Out...>, std::index_sequence<I...>) {
  static_assert(((I < Carried || collected<Length, Out>::ok) && ...),
                "etch: scan: a row that is collected has six axes already");
  return front::types<typename std::conditional_t<(I < Carried), std::type_identity<Out>,
                                                  collected<Length, Out>>::type...>{};
}

/// Records a walk along the first axis of `sequences`, or without any of them a count.
template <auto Length, bool Reverse, bool Counted, class Initial, class... Sequence, class Body>
constexpr auto record_scan(front::recorder& in, Initial const& initial,
                           std::tuple<Sequence...> const& sequences, Body const& body) {
  using carried = front::tensors_of<Initial>;
  return [&]<class... Carried>(front::types<Carried...>) {
    using inputs = std::conditional_t<
        Counted,
        front::types<tensor<std::int32_t>, Carried..., typename row_tensor<Sequence>::type...>,
        front::types<Carried..., typename row_tensor<Sequence>::type...>>;
    auto const first = front::nodes_of(in, initial);
    auto const along = front::nodes_of(in, sequences);
    auto const recorded = front::record_region(in, inputs{}, body);
    using returned = typename decltype(recorded)::results;
    using checked = body_of_loop<carried, returned>;
    static_assert(checked::enough,
                  "etch: the body of a loop returns fewer values than the loop carries");
    static_assert(checked::keeps_types,
                  "etch: the body of a loop changes the shape or the dtype of a carried value");
    if constexpr (checked::enough && checked::keeps_types) {
      core::list<ir::node_id> operands;
      for (ir::node_id id : first) operands.push_back(id);
      for (ir::node_id id : along) operands.push_back(id);
      operands.append(recorded.region.captures);
      ir::node_id const node = ir::add_control<ir::builtin::scan>(
          in.graph, ir::scan_op, {operands.data(), operands.size()},
          {static_cast<int>(sizeof...(Carried)), static_cast<int>(sizeof...(Sequence)),
           static_cast<std::int64_t>(Length), Reverse, Counted},
          {&recorded.region.graph, 1});
      return front::results_of(in, node,
                               scan_results<sizeof...(Carried), Length>(
                                   returned{}, std::make_index_sequence<returned::size>{}));
    }
  }(carried{});
}

template <int Axis, class X>
constexpr auto sequence_in_front(X const& x) {
  if constexpr (Axis == 0)
    return x;
  else
    return record_transpose<moved_axis(X::rank, Axis, 0)>(x);
}

/// Result `I` of a scan along `Axis`: collected rows have their new axis there.
template <int Axis, std::size_t Carried, std::size_t I, class Results>
constexpr auto result_along(Results const& results) {
  auto const result = [&] {
    if constexpr (front::is_tensor<Results>)
      return results;
    else
      return std::get<I>(results);
  }();
  using type = std::remove_const_t<decltype(result)>;
  if constexpr (I < Carried || Axis == 0) {
    return result;
  } else {
    static_assert(
        sequences_of_scan<Axis, type>::have_axis,
        "etch: scan: a row that is collected has fewer axes than stand before the axis of "
        "the sequences");
    return record_transpose<moved_axis(type::rank, 0, Axis)>(result);
  }
}

}  // namespace ops

/// scan(initial, sequences, body): runs `body` for each row of the sequences, in order, and carries
/// values from row to row. The body is called with the carried values and the rows; it returns the
/// new carried values and then any rows that are to be collected.
///   auto const [h, ys] = scan(h0, xs, [](auto h, auto x) {
///     auto const next = tanh(linear<8>("in", x) + linear<8>("rec", h));
///     return std::tuple(next, next);
///   });
/// `initial` and `sequences` are one tensor, or a std::tuple or hana::tuple of several. What the
/// body reads of the code around it does not change; what does not depend on the carried values is
/// computed for many rows at once where that pays. scan<scan_options{.axis = 1}> walks along
/// another axis, scan<scan_options{.reverse = true}> from the last row to the first.
/// shape     sequences: the same extent T along the axis; a row is without it. Results: the last
///           carried values, and what is collected with an axis of T in its place. One result is a
///           tensor, several are a std::tuple
/// dtype     any
/// numerics  those of the body, one row after the other
/// errors    sequences without that axis or of different lengths; a body that does not take the
///           values, returns fewer than are carried, or changes their types; a state in the body
/// source    jax.lax.scan; ONNX Scan-11
template <scan_options Options = scan_options{}, class Initial, class Sequences, class Body>
constexpr auto scan(Initial const& initial, Sequences const& sequences, Body const& body) {
  static_assert(front::values_in<Initial>::ok && front::values_in<Sequences>::ok,
                "etch: scan: an initial value or a sequence is no tensor");
  if constexpr (front::values_in<Initial>::ok && front::values_in<Sequences>::ok) {
    return [&]<class... S, class... C>(front::types<S...>, front::types<C...>) {
      using checked = ops::sequences_of_scan<Options.axis, S...>;
      static_assert(sizeof...(S) > 0, "etch: scan: there is no sequence");
      static_assert(checked::have_axis, "etch: scan: a sequence has no such axis to walk along");
      static_assert(checked::same_length, "etch: scan: the sequences differ in length");
      if constexpr (sizeof...(S) > 0 && checked::have_axis && checked::same_length) {
        front::recorder& in = front::recording_of_values(initial, sequences);
        auto const along = std::apply(
            [&](auto const&... each) {
              return std::tuple{
                  ops::sequence_in_front<Options.axis>(front::as_tensor(each, in))...};
            },
            front::as_tuple(sequences));
        auto const walked =
            ops::record_scan<checked::length, Options.reverse, false>(in, initial, along, body);
        using results = std::remove_const_t<decltype(walked)>;
        if constexpr (front::is_tensor<results>) {
          return ops::result_along<Options.axis, sizeof...(C), 0>(walked);
        } else {
          return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return std::tuple{ops::result_along<Options.axis, sizeof...(C), I>(walked)...};
          }
          (std::make_index_sequence<std::tuple_size_v<results>>{});
        }
      }
    }(front::tensors_of<Sequences>{}, front::tensors_of<Initial>{});
  }
}

}  // namespace etch
