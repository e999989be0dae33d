#pragma once

#include <cstdint>

#include <etch/core/ints.hpp>
#include <etch/ops/call.hpp>
#include <etch/ops/copy_elements.hpp>
#include <etch/ops/op_for.hpp>
#include <etch/ops/slice_rows.hpp>

namespace etch {

namespace ops {

struct slice {
  static constexpr ir::op_key key{"slice"};
  static constexpr ir::traits is{};
  struct attrs {
    core::ints<6> starts{};
    core::ints<6> sizes{};
    core::ints<6> steps{};
  };

  static constexpr char malformed[] = "there is not one start, size and step for each axis of x";
  static constexpr char bad_step[] = "a step is zero or negative";
  static constexpr char bad_range[] = "a range is empty or leaves the extent of x";

  static constexpr ir::inferred infer(ir::operand_types in, attrs const& a) {
    ir::shape const& x = in[0].shape;
    auto const rank = static_cast<std::size_t>(x.rank);
    if (a.starts.size() != rank || a.sizes.size() != rank || a.steps.size() != rank)
      return ir::inferred(malformed);
    ir::tensor_type out{in[0].dtype, {}};
    for (std::size_t i = 0; i < rank; ++i) {
      std::int64_t const extent = x[static_cast<int>(i)];
      if (a.steps[i] < 1) return ir::inferred(bad_step);
      if (a.starts[i] < 0 || a.starts[i] >= extent || a.sizes[i] < 1 ||
          a.sizes[i] - 1 > (extent - 1 - a.starts[i]) / a.steps[i])
        return ir::inferred(bad_range);
      out.shape.push_back(a.sizes[i]);
    }
    return out;
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs const& a) {
    auto const strides = strides_of(in[0].type.shape);
    std::int64_t start = 0;
    for (std::size_t i = 0; i < a.starts.size(); ++i) start += a.starts[i] * strides[i];
    strided_walk walk(start);
    for (std::size_t i = 0; i < a.starts.size(); ++i)
      walk.add_axis(a.sizes[i], a.steps[i] * strides[i]);
    gather_elements(in[0], walk, out);
  }
};

}  // namespace ops

/// The part start, start + step, ... before stop of one axis; negative numbers count from the end.
struct along {
  int axis = 0;
  int start = 0;
  int stop = to_end;
  int step = 1;
};

namespace ops {

/// The named check of the axes of a slice.
template <class X, along... Parts>
struct slice_axes {
  static constexpr int rank = X::type.rank();
  static constexpr bool in_range = ((ir::normalised_axis(Parts.axis, rank) >= 0 &&
                                     ir::normalised_axis(Parts.axis, rank) < rank) &&
                                    ...);
  static constexpr bool distinct = [] {
    bool named[ir::max_rank] = {};
    bool twice = false;
    for (int axis : {ir::normalised_axis(Parts.axis, rank)...}) {
      if (axis < 0 || axis >= rank) continue;
      twice = twice || named[axis];
      named[axis] = true;
    }
    return !twice;
  }();

  static constexpr slice::attrs attributes = [] {
    slice::attrs a;
    for (int i = 0; i < rank; ++i) {
      a.starts.push_back(0);
      a.sizes.push_back(X::type.shape[i]);
      a.steps.push_back(1);
    }
    for (along const& part : {Parts...}) {
      int const axis = ir::normalised_axis(part.axis, rank);
      if (axis < 0 || axis >= rank) continue;
      auto const i = static_cast<std::size_t>(axis);
      std::int64_t const extent = X::type.shape[axis];
      std::int64_t const start = part.start < 0 ? part.start + extent : part.start;
      std::int64_t const stop = part.stop == to_end ? extent
                                : part.stop < 0     ? part.stop + extent
                                                    : part.stop;
      a.starts[i] = start;
      a.steps[i] = part.step;
      a.sizes[i] = part.step > 0 && stop > start ? (stop - start - 1) / part.step + 1 : 0;
      if (stop > extent) a.sizes[i] = extent + 1;  // refused: a stop beyond the end is a mistake
    }
    return a;
  }();
};

/// The part of an axis that a slice takes.
template <class X, along... Parts>
constexpr along part_of_axis(int axis) {
  for (along const& part : {Parts...}) {
    if (ir::normalised_axis(part.axis, X::rank) == axis) return part;
  }
  return {.axis = axis};
}

/// The named checks of a slice of a tensor with bounded extents, of which it cuts none but that of
/// the first axis.
template <class X, along... Parts>
struct bounded_slice {
  static constexpr bool of_rows = !front::extents_of<X>[0].is_fixed();
  static constexpr along rows = of_rows ? part_of_axis<X, Parts...>(0) : along{};
  static constexpr slice_rows::attrs range{rows.start, rows.stop};
  static constexpr bool cuts_rows = rows.start != 0 || rows.stop != to_end || rows.step != 1;
  /// The bounded axes behind the first are taken whole, and so is the first if there are others.
  static constexpr bool whole = [] {
    bool fits = true, others = false;
    for (int axis = 1; axis < X::rank; ++axis) {
      if (front::extents_of<X>[static_cast<std::size_t>(axis)].is_fixed()) continue;
      along const part = part_of_axis<X, Parts...>(axis);
      fits = fits && part.start == 0 && part.stop == to_end && part.step == 1;
      others = true;
    }
    return fits && !(others && cuts_rows);
  }();
  static constexpr bool forward =
      rows.step == 1 && !(rows.start < 0 && rows.stop >= 0 && rows.stop != to_end);
  static constexpr ir::inferred cut = front::inferred_for<slice_rows>(range, X::type);

  /// What is left to do behind the rows.
  static constexpr slice::attrs other_axes(std::int64_t rows_left) {
    slice::attrs a = slice_axes<X, Parts...>::attributes;
    if (!of_rows) return a;
    a.starts[0] = 0;
    a.sizes[0] = rows_left;
    a.steps[0] = 1;
    return a;
  }

  /// Of the first axis.
  static constexpr extent length = [] {
    extent const all = front::extents_of<X>[0];
    auto const end = rows.stop == to_end ? all
                     : rows.stop < 0     ? all + rows.stop
                                         : extent(rows.stop);
    return end - (rows.start < 0 ? all + rows.start : extent(rows.start));
  }();

  /// The result, whose other axes have these extents at the bounds.
  static constexpr front::bounded_type result_of(ir::shape const& other_axes) {
    front::bounded_type type{{X::type.dtype, other_axes}, front::extents_of<X>};
    for (int axis = 0; axis < X::rank; ++axis) {
      if (X::type.shape[axis] != other_axes[axis])
        type.extents[static_cast<std::size_t>(axis)] = extent(other_axes[axis]);
    }
    if (cuts_rows) type.extents[0] = length;
    type.type.shape[0] = type.extents[0].most();
    return type;
  }
};

/// The rows first, by an operator that counts in the call; then the other axes.
template <along... Parts, class X>
constexpr auto record_bounded_slice(X const& x) {
  using of = front::operand_tensor<X>;
  using checked = bounded_slice<of, Parts...>;
  static_assert(checked::whole,
                "etch: slice: an axis with a bounded extent, not the first, is cut");
  static_assert(checked::forward,
                "etch: slice: the rows of a bounded extent have a step, or lie between one counted "
                "from the end and one counted from the start");
  static_assert(checked::cut.ok(), "etch: slice: a range is empty or leaves the extent of x");
  if constexpr (checked::whole && checked::forward && checked::cut.ok()) {
    auto& in = front::recording_of(x);
    auto const rows = [&] {
      constexpr front::bounded_type type = checked::result_of(of::type.shape);
      if constexpr (checked::cuts_rows)
        return front::tensor_with<type>(
            in, front::add_node<slice_rows>(type.type, checked::range, in, x));
      else
        return front::as_tensor(x, in);
    }();
    using cut = front::operand_tensor<std::remove_const_t<decltype(rows)>>;
    constexpr slice::attrs attributes = checked::other_axes(cut::type.shape[0]);
    constexpr ir::inferred inferred = front::inferred_for<slice>(attributes, cut::type);
    static_assert(inferred.ok(), "etch: slice: a range is empty or leaves the extent of x");
    if constexpr (!inferred.ok() || inferred.type == cut::type) {
      return rows;
    } else {
      constexpr front::bounded_type type = checked::result_of(inferred.type.shape);
      return front::tensor_with<type>(in, front::add_node<slice>(type.type, attributes, in, rows));
    }
  } else {
    return front::as_tensor(x, front::recording_of(x));
  }
}

template <along... Parts, class X>
constexpr auto record_slice(X const& x) {
  using op = slice;
  using axes = slice_axes<front::operand_tensor<X>, Parts...>;
  static_assert(axes::in_range, "etch: slice: the axis is out of range");
  static_assert(axes::distinct, "etch: slice: an axis is named twice");
  if constexpr (front::operand_tensor<X>::is_bounded && axes::in_range && axes::distinct) {
    return record_bounded_slice<Parts...>(x);
  } else {
    using checked = call_on<op, axes::attributes, X>;
    static_assert(checked::template without<op::bad_step>,
                  "etch: slice: a step is zero or negative");
    static_assert(checked::template without<op::bad_range>,
                  "etch: slice: a range is empty or leaves the extent of x");
    return checked::record(x);
  }
}

}  // namespace ops

/// slice<axis, start, stop = to_end, step = 1>(x): the elements start, start + step, ... before
/// stop along the axis; negative numbers count from the end.
/// slice<along{.axis = 0, .stop = 3}, along{...}>(x): the same for several axes.
/// shape     that of x, the extent of the axis being the number of elements taken
/// dtype     any
/// numerics  exact
/// errors    a range that is empty or leaves the axis, a step below 1
/// source    NumPy basic indexing; ONNX Slice-13
template <int Axis, int Start, int Stop = to_end, int Step = 1, front::tensor_operand X>
constexpr auto slice(X const& x) {
  return ops::record_slice<along{Axis, Start, Stop, Step}>(x);
}
template <along First, along... Rest, front::tensor_operand X>
constexpr auto slice(X const& x) {
  return ops::record_slice<First, Rest...>(x);
}

template <>
struct op_for<ops::slice::key> : std::type_identity<ops::slice> {};

}  // namespace etch
