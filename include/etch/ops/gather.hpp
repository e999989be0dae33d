#pragma once

#include <cstdint>
#include <limits>

#include <etch/ir/dtype_visit.hpp>
#include <etch/ops/call.hpp>
#include <etch/ops/op_for.hpp>

namespace etch {

namespace ops {

struct gather {
  static constexpr ir::op_key key{"gather"};
  static constexpr ir::traits is{};
  static constexpr int arity_min = 2;
  struct attrs {
    int axis = 0;
  };

  static constexpr char bad_indices[] = "the indices are neither int32 nor int64";
  static constexpr char bad_axis[] = "the axis is out of range";
  static constexpr char bad_rank[] = "the rank is above 6";

  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    ir::shape const& table = in[0].shape;
    ir::shape const& indices = in[1].shape;
    if (in[1].dtype != dtype::i32 && in[1].dtype != dtype::i64) return ir::inferred(bad_indices);
    if (a.axis < 0 || a.axis >= table.rank) return ir::inferred(bad_axis);
    if (table.rank - 1 + indices.rank > ir::max_rank) return ir::inferred(bad_rank);
    ir::tensor_type out{in[0].dtype, {}};
    for (int i = 0; i < a.axis; ++i) out.shape.push_back(table[i]);
    for (int i = 0; i < indices.rank; ++i) out.shape.push_back(indices[i]);
    for (int i = a.axis + 1; i < table.rank; ++i) out.shape.push_back(table[i]);
    return out;
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    ir::shape const& table = in[0].type.shape;
    std::int64_t const outer = table.product(0, a.axis);
    std::int64_t const extent = table[a.axis];
    std::int64_t const inner = table.product(a.axis + 1, table.rank);
    std::int64_t const count = in[1].type.elements();
    ir::visit_dtype(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      T const none =
          std::numeric_limits<T>::has_quiet_NaN ? std::numeric_limits<T>::quiet_NaN() : T(0);
      T* to = out.as<T>();
      for (std::int64_t o = 0; o < outer; ++o) {
        for (std::int64_t i = 0; i < count; ++i) {
          std::int64_t const index = element_of(index_at(in[1], i), extent);
          T const* const from = in[0].as<T const>() + (o * extent + index) * inner;
          for (std::int64_t k = 0; k < inner; ++k) *to++ = index < 0 ? none : from[k];
        }
      }
    });
  }

 private:
  static std::int64_t index_at(ir::tensor_ref const& indices, std::int64_t i) {
    return indices.type.dtype == dtype::i32 ? indices.as<std::int32_t const>()[i]
                                            : indices.as<std::int64_t const>()[i];
  }
  /// The element that an index names, or -1.
  static std::int64_t element_of(std::int64_t index, std::int64_t extent) {
    if (index < -extent || index >= extent) return -1;
    return index < 0 ? index + extent : index;
  }
};

}  // namespace ops

/// gather<axis = 0>(table, indices): the elements of the table that the indices name along the
/// axis; negative indices count from the end.
/// shape     that of the table, with the shape of the indices in the place of the axis
/// dtype     table any; indices int32, int64
/// numerics  exact; what an index outside the table names is NaN, or 0 where there is no NaN: a run
///           cannot fail, and reads nothing outside
/// errors    indices of another dtype, an axis out of range, a rank above 6
/// source    numpy.take; ONNX Gather-13
template <int Axis = 0, front::tensor_operand X, front::tensor_operand I>
constexpr auto gather(X const& table, I const& indices) {
  using op = ops::gather;
  constexpr int rank = front::operand_tensor<X>::type.rank();
  using checked = ops::call_on<op, op::attrs{.axis = ir::normalised_axis(Axis, rank)}, X, I>;
  static_assert(checked::template without<op::bad_indices>,
                "etch: gather: the indices are neither int32 nor int64");
  static_assert(checked::template without<op::bad_axis>, "etch: gather: the axis is out of range");
  static_assert(checked::template without<op::bad_rank>, "etch: gather: the rank is above 6");
  return checked::record(table, indices);
}

template <>
struct op_for<ops::gather::key> : std::type_identity<ops::gather> {};

}  // namespace etch
