#pragma once

#include <cstdint>

#include <etch/ops/call.hpp>
#include <etch/ops/copy_elements.hpp>
#include <etch/ops/op_for.hpp>

namespace etch {

namespace ops {

struct rows_like {
  static constexpr ir::op_key key{"rows_like"};
  static constexpr ir::traits is{};
  static constexpr int arity_min = 2;

  static constexpr char no_axis[] = "a table or x has no axis";
  static constexpr char too_few_rows[] = "x has more rows than the table";

  static constexpr ir::inferred infer(ir::operand_types in) {
    if (in[0].rank() == 0 || in[1].rank() == 0) return ir::inferred(no_axis);
    if (in[1].shape[0] > in[0].shape[0]) return ir::inferred(too_few_rows);
    ir::tensor_type out = in[0];
    out.shape[0] = in[1].shape[0];
    return out;
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out) {
    strided_walk first;
    first.add_axis(out.type.elements(), 1);
    gather_elements(in[0], first, out);
  }
};

}  // namespace ops

/// rows_like(table, x): the first rows of a table, as many as x has. For tables with a row for each
/// position, where the call decides how many positions there are.
/// shape     table[N, ...], x[T, ...] -> [T, ...], T at most N
/// dtype     any; x may have another one
/// numerics  exact
/// errors    a table with fewer rows than x has at its bound; no axis
template <front::tensor_operand Table, symbolic X>
constexpr auto rows_like(Table const& table, X const& x) {
  using op = ops::rows_like;
  using of_table = front::operand_tensor<Table>;
  using of_x = front::tensor_of<X>;
  constexpr ir::inferred inferred = front::inferred_for<op>({}, of_table::type, of_x::type);
  static_assert(inferred.problem != &op::no_axis[0], "etch: rows_like: the table or x has no axis");
  static_assert(inferred.problem != &op::too_few_rows[0],
                "etch: rows_like: x may have more rows than the table");
  static_assert(!of_table::is_bounded, "etch: rows_like: the extents of the table are not fixed");
  auto& in = x.recording();
  if constexpr (inferred.ok() && !of_table::is_bounded) {
    constexpr front::bounded_type type =
        front::with_first_extent(inferred.type, front::extents_of<of_x>[0]);
    return front::tensor_with<type>(in, front::add_node<op>(type.type, {}, in, table, x));
  } else {
    return front::as_tensor(table, in);
  }
}

template <>
struct op_for<ops::rows_like::key> : std::type_identity<ops::rows_like> {};

}  // namespace etch
