#pragma once

#include <cstdint>
#include <limits>

#include <etch/ops/call.hpp>
#include <etch/ops/copy_elements.hpp>
#include <etch/ops/op_for.hpp>

namespace etch {

/// As a stop: to the end of the axis.
inline constexpr int to_end = std::numeric_limits<int>::max();

namespace ops {

/// A part of the first axis, where its extent is decided by the call: a start or a stop that is
/// negative is counted from the end of what the call has.
struct slice_rows {
  static constexpr ir::op_key key{"slice_rows"};
  static constexpr ir::traits is{};
  struct attrs {
    int start = 0;
    int stop = to_end;
  };

  static constexpr char no_axis[] = "x has no axis";
  static constexpr char outside[] = "a range is empty or leaves the extent of x";

  /// The range [begin, end) of an axis.
  struct range {
    std::int64_t begin, end;
  };
  static constexpr range range_of(attrs a, std::int64_t extent) {
    return {a.start < 0 ? a.start + extent : a.start, a.stop == to_end ? extent
                                                      : a.stop < 0     ? a.stop + extent
                                                                       : a.stop};
  }
  /// The fewest rows of which that is a part.
  static constexpr std::int64_t least_rows(attrs a) {
    std::int64_t const begin = a.start < 0 ? -a.start : a.start;
    if (a.stop == to_end) return a.start < 0 ? begin : begin + 1;
    if (a.stop < 0) return a.start < 0 ? begin : begin - a.stop + 1;
    return a.stop;
  }

  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    ir::tensor_type out = in[0];
    if (out.rank() == 0) return ir::inferred(no_axis);
    range const of = range_of(a, out.shape[0]);
    if (of.begin < 0 || of.begin >= of.end || of.end > out.shape[0]) return ir::inferred(outside);
    out.shape[0] = of.end - of.begin;
    return out;
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    std::int64_t const row = out.type.shape.product(1, out.type.rank());
    strided_walk walk(range_of(a, in[0].type.shape[0]).begin * row);
    walk.add_axis(out.type.elements(), 1);
    gather_elements(in[0], walk, out);
  }
};

}  // namespace ops

template <>
struct op_for<ops::slice_rows::key> : std::type_identity<ops::slice_rows> {};

}  // namespace etch
