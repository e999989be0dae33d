#pragma once

#include <cstdint>

#include <etch/ops/call.hpp>
#include <etch/ops/number.hpp>

namespace etch::ops {

// The position of a block of rows in a sequence: an operand with one integer, that of its first
// row.

constexpr bool is_position(ir::tensor_type const& t) {
  return (t.dtype == dtype::i32 || t.dtype == dtype::i64) && t.elements() == 1;
}

inline std::int64_t position_in(ir::tensor_ref const& at) {
  return at.type.dtype == dtype::i32 ? *at.as<std::int32_t const>() : *at.as<std::int64_t const>();
}

/// Row first + i of `rows`, or -1 where there is none.
constexpr std::int64_t row_at(std::int64_t first, std::int64_t i, std::int64_t rows) {
  return first < -i || first >= rows - i ? -1 : first + i;
}

/// A position as an operand: a tensor or a number.
template <class P>
constexpr auto position_operand(front::recorder& in, P const& position) {
  if constexpr (scalar<P>) {
    using one = tensor<std::int32_t, 1>;
    return one(in, ir::add_constant(in.graph, one::type, element<std::int32_t>(position)));
  } else {
    return front::as_tensor(position, in);
  }
}

}  // namespace etch::ops
