#pragma once

#include <cstdint>

#include <etch/ops/call.hpp>
#include <etch/ops/copy_elements.hpp>
#include <etch/ops/op_for.hpp>

namespace etch {

namespace ops {

struct concat {
  static constexpr ir::op_key key{"concat"};
  static constexpr ir::traits is{};
  static constexpr int arity_min = 1;
  static constexpr int arity_max = 1000;
  struct attrs {
    int axis = 0;
  };

  static constexpr char bad_dtype[] = "the operands differ in dtype";
  static constexpr char bad_rank[] = "the operands differ in rank";
  static constexpr char bad_axis[] = "the axis is out of range";
  static constexpr char bad_extent[] = "the extents differ outside the axis";

  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    ir::tensor_type out = in[0];
    if (a.axis < 0 || a.axis >= out.rank()) return ir::inferred(bad_axis);
    for (ir::tensor_type const& each : in.subspan(1)) {
      if (each.dtype != out.dtype) return ir::inferred(bad_dtype);
      if (each.rank() != out.rank()) return ir::inferred(bad_rank);
      for (int i = 0; i < out.rank(); ++i) {
        if (i == a.axis)
          out.shape[i] += each.shape[i];
        else if (each.shape[i] != out.shape[i])
          return ir::inferred(bad_extent);
      }
    }
    return out;
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    auto const strides = strides_of(out.type.shape);
    std::int64_t start = 0;
    for (ir::tensor_ref const& each : in) {
      strided_walk walk(start);
      for (int i = 0; i < out.type.rank(); ++i)
        walk.add_axis(each.type.shape[i], strides[static_cast<std::size_t>(i)]);
      scatter_elements(each, walk, out);
      start += each.type.shape[a.axis] * strides[static_cast<std::size_t>(a.axis)];
    }
  }
};

}  // namespace ops

/// concat<axis>(a, b, ...): the operands one after the other along the axis (-1 is the last).
/// shape     that of the operands, the extents along the axis added up
/// dtype     any; the same for all
/// numerics  exact
/// errors    operands that differ in dtype, in rank, or in an extent outside the axis
/// source    numpy.concatenate; ONNX Concat-13
template <int Axis, front::tensor_operand... X>
requires(sizeof...(X) > 0) constexpr auto concat(X const&... x) {
  using op = ops::concat;
  constexpr int rank = front::first_type(front::operand_tensor<X>::type...).rank();
  using checked = ops::call_on<op, op::attrs{.axis = ir::normalised_axis(Axis, rank)}, X...>;
  static_assert(checked::template without<op::bad_axis>, "etch: concat: the axis is out of range");
  static_assert(checked::template without<op::bad_dtype>,
                "etch: concat: the operands differ in dtype");
  static_assert(checked::template without<op::bad_rank>,
                "etch: concat: the operands differ in rank");
  static_assert(checked::template without<op::bad_extent>,
                "etch: concat: the extents differ outside the axis");
  return checked::record(x...);
}

template <>
struct op_for<ops::concat::key> : std::type_identity<ops::concat> {};

}  // namespace etch
