#pragma once

#include <cstdint>

#include <etch/core/ints.hpp>
#include <etch/ops/call.hpp>
#include <etch/ops/copy_elements.hpp>
#include <etch/ops/op_for.hpp>

namespace etch {

namespace ops {

struct reshape {
  static constexpr ir::op_key key{"reshape"};
  static constexpr ir::traits is{.view = true};
  struct attrs {
    core::ints<6> shape{};
  };

  static constexpr char bad_extent[] = "an extent is zero or negative";
  static constexpr char bad_elements[] = "the number of elements changes";

  static constexpr ir::inferred infer(ir::operand_types in, attrs const& a) {
    ir::tensor_type out{in[0].dtype, {}};
    for (std::int64_t extent : a.shape) {
      if (extent < 1) return ir::inferred(bad_extent);
      out.shape.push_back(extent);
    }
    if (out.elements() != in[0].elements()) return ir::inferred(bad_elements);
    return out;
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs const&) {
    strided_walk all;
    all.add_axis(out.type.elements(), 1);
    gather_elements(in[0], all, out);
  }
};

/// The extents with the one that is -1 computed from the others, where that is possible.
constexpr core::ints<6> complete_extents(core::ints<6> extents, std::int64_t elements) {
  std::int64_t known = 1;
  int open = 0;
  for (std::int64_t extent : extents) {
    if (extent == -1)
      ++open;
    else if (extent > 0)
      known *= extent;
    else
      return extents;
  }
  if (open != 1) return extents;
  for (std::size_t i = 0; i < extents.size(); ++i) {
    if (extents[i] == -1) extents[i] = known <= elements ? elements / known : 1;
  }
  return extents;
}

/// The extents of a tensor under a shape each of whose extents is a product of neighbours of its
/// own or 1; the first is 0 where it is none.
constexpr front::extent_array regrouped(ir::shape const& before, front::extent_array const& extents,
                                        core::ints<6> const& shape) {
  front::extent_array after{};
  int axis = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    std::int64_t at_bounds = 1;
    after[i] = extent(1);
    while (axis < before.rank && (at_bounds < shape[i] || (before[axis] == 1 && shape[i] != 1))) {
      at_bounds *= before[axis];
      after[i] = after[i] * extents[static_cast<std::size_t>(axis++)];
    }
    if (at_bounds != shape[i]) return {};
  }
  return after;
}

/// The named checks of a reshape of a tensor with bounded extents, or to them.
template <class X, auto... Extents>
struct bounded_reshape {
  static constexpr extent whole = [] {
    extent all(1);
    for (int i = 0; i < X::rank; ++i) all = all * front::extents_of<X>[static_cast<std::size_t>(i)];
    return all;
  }();
  static constexpr front::bounded_type result = [] {
    extent known(1);
    ((known = Extents == -1 ? known : known * extent(Extents)), ...);
    front::bounded_type type{{X::type.dtype, {}}, {}};
    auto const add = [&](extent const& each) {
      type.extents[static_cast<std::size_t>(type.type.shape.rank)] = each;
      type.type.shape.push_back(each.most());
    };
    (add(Extents == -1 ? quotient(whole, known) : extent(Extents)), ...);
    return type;
  }();
  static constexpr bool ok = [] {
    extent all(1);
    for (int i = 0; i < result.type.rank(); ++i)
      all = all * result.extents[static_cast<std::size_t>(i)];
    return all == whole && result.type.elements() == X::type.elements();
  }();
};

/// Records the reshape to a type with bounded extents.
template <front::bounded_type Type, class X>
constexpr auto record_bounded_reshape(X const& x) {
  using result = front::tensor_with<Type>;
  core::ints<6> shape{};
  for (int i = 0; i < Type.type.rank(); ++i) shape.push_back(Type.type.shape[i]);
  auto& in = front::recording_of(x);
  ir::node_id const id = front::add_node<reshape>(Type.type, {shape}, in, x);
  in.graph.in_call.reshaped.push_back({id, Type.extents});
  return result(in, id);
}

/// Records the reshape to a computed shape; for operators that are reshapes.
template <core::ints<6> Extents, class X>
requires(front::operand_tensor<X>::is_bounded) constexpr auto record_reshape(X const& x) {
  using of = front::operand_tensor<X>;
  constexpr front::bounded_type result{[] {
                                         ir::tensor_type type{of::type.dtype, {}};
                                         for (std::int64_t each : Extents)
                                           type.shape.push_back(each);
                                         return type;
                                       }(),
                                       regrouped(of::type.shape, front::extents_of<of>, Extents)};
  static_assert(result.is_bounded(), "etch: reshape: axes with bounded extents are not kept whole");
  if constexpr (result.is_bounded())
    return record_bounded_reshape<result>(x);
  else
    return x;
}
template <core::ints<6> Extents, class X>
constexpr auto record_reshape(X const& x) {
  using op = reshape;
  using checked = call_on<op, op::attrs{Extents}, X>;
  static_assert(checked::template without<op::bad_extent>,
                "etch: reshape: an extent is zero or negative");
  static_assert(checked::template without<op::bad_elements>,
                "etch: reshape: the number of elements changes");
  return checked::record(x);
}

template <auto... Extents>
struct extents_of_reshape {
  static constexpr bool at_most_six = sizeof...(Extents) <= ir::max_rank;
  static constexpr bool one_open = (0 + ... + (Extents == -1)) <= 1;
  static constexpr bool bounded = (front::is_bounded<Extents> || ...);
};

}  // namespace ops

/// reshape<extents...>(x): the same elements in the same order under another shape; one extent may
/// be -1 and follows from the others. reshape<T, 4, 16>(x): one that the call decides.
/// shape     extents...
/// dtype     any
/// numerics  exact; no work: the bytes are those of x
/// errors    another number of elements, two extents of -1
/// source    numpy.reshape; ONNX Reshape-14
template <auto... Extents, front::tensor_operand X>
constexpr auto reshape(X const& x) {
  using named = ops::extents_of_reshape<Extents...>;
  using of = front::operand_tensor<X>;
  static_assert(named::at_most_six, "etch: reshape: the rank is above 6");
  static_assert(named::one_open, "etch: reshape: more than one extent is -1");
  if constexpr (!named::at_most_six || !named::one_open) {
    return x;
  } else if constexpr (named::bounded || of::is_bounded) {
    using checked = ops::bounded_reshape<of, Extents...>;
    static_assert(checked::ok,
                  "etch: reshape: the number of elements changes: write -1 or the dim where the "
                  "extent of x is bounded");
    if constexpr (checked::ok)
      return ops::record_bounded_reshape<checked::result>(x);
    else
      return x;
  } else {
    return ops::record_reshape<ops::complete_extents(core::ints<6>{Extents...},
                                                     of::type.elements())>(x);
  }
}

template <>
struct op_for<ops::reshape::key> : std::type_identity<ops::reshape> {};

}  // namespace etch
