#pragma once

#include <cstdint>

#include <etch/core/ints.hpp>
#include <etch/ops/call.hpp>
#include <etch/ops/copy_elements.hpp>
#include <etch/ops/op_for.hpp>

namespace etch {

namespace ops {

struct transpose {
  static constexpr ir::op_key key{"transpose"};
  static constexpr ir::traits is{};
  struct attrs {
    core::ints<6> perm{};  ///< axis i of the result is axis perm[i] of x
  };

  static constexpr char bad_count[] = "there is not one axis for each axis of x";
  static constexpr char bad_axis[] = "an axis is out of range";
  static constexpr char bad_order[] = "an axis is named twice";

  static constexpr ir::inferred infer(ir::operand_types in, attrs const& a) {
    ir::shape const& x = in[0].shape;
    if (static_cast<int>(a.perm.size()) != x.rank) return ir::inferred(bad_count);
    ir::tensor_type out{in[0].dtype, {}};
    bool named[ir::max_rank] = {};
    for (std::int64_t axis : a.perm) {
      if (axis < 0 || axis >= x.rank) return ir::inferred(bad_axis);
      if (named[axis]) return ir::inferred(bad_order);
      named[axis] = true;
      out.shape.push_back(x[static_cast<int>(axis)]);
    }
    return out;
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs const& a) {
    auto const strides = strides_of(in[0].type.shape);
    strided_walk walk;
    for (int i = 0; i < out.type.rank(); ++i)
      walk.add_axis(out.type.shape[i],
                    strides[static_cast<std::size_t>(a.perm[static_cast<std::size_t>(i)])]);
    gather_elements(in[0], walk, out);
  }
};

/// The permutation as a node holds it; none swaps the last two axes.
constexpr core::ints<6> permutation(core::ints<6> perm, int rank) {
  if (perm.size() > 0) {
    for (std::size_t i = 0; i < perm.size(); ++i) perm[i] = ir::normalised_axis(perm[i], rank);
    return perm;
  }
  for (int i = 0; i < rank; ++i) perm.push_back(i);
  if (rank > 1) {
    auto const last = static_cast<std::size_t>(rank - 1);
    perm[last] = rank - 2;
    perm[last - 1] = rank - 1;
  }
  return perm;
}

/// Records the transpose by a computed permutation; for operators that are transposes.
template <core::ints<6> Perm, class X>
constexpr auto record_transpose(X const& x) {
  using op = transpose;
  using of = front::operand_tensor<X>;
  using checked = call<op, op::attrs{permutation(Perm, of::type.rank())}, of>;
  static_assert(checked::template without<op::bad_count>,
                "etch: transpose: there is not one axis for each axis of x");
  static_assert(checked::template without<op::bad_axis>,
                "etch: transpose: an axis is out of range");
  static_assert(checked::template without<op::bad_order>,
                "etch: transpose: an axis is named twice");
  return checked::record(x);
}

template <class X>
struct matrices {
  static constexpr bool ok = X::type.rank() >= 2;
};

}  // namespace ops

/// transpose<perm...>(x): axis i of the result is axis perm[i] of x (-1 is the last).
/// transpose(x): the last two axes change places.
/// shape     the extents of x in that order
/// dtype     any
/// numerics  exact
/// errors    not every axis of x named once; without axes, a rank below 2
/// source    numpy.transpose; ONNX Transpose-13
template <int... Perm, front::tensor_operand X>
requires(sizeof...(Perm) <= ir::max_rank) constexpr auto transpose(X const& x) {
  if constexpr (sizeof...(Perm) == 0)
    static_assert(ops::matrices<front::operand_tensor<X>>::ok,
                  "etch: transpose: x has fewer than two axes");
  return ops::record_transpose<core::ints<6>{Perm...}>(x);
}

template <>
struct op_for<ops::transpose::key> : std::type_identity<ops::transpose> {};

}  // namespace etch
