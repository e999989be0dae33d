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

/// Records the reshape to a computed shape; for operators that are reshapes.
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
};

}  // namespace ops

/// reshape<extents...>(x): the same elements in the same order under another shape; one extent may
/// be -1 and follows from the others.
/// shape     extents...
/// dtype     any
/// numerics  exact; no work: the bytes are those of x
/// errors    another number of elements, two extents of -1
/// source    numpy.reshape; ONNX Reshape-14
template <int... Extents, front::tensor_operand X>
constexpr auto reshape(X const& x) {
  using named = ops::extents_of_reshape<Extents...>;
  static_assert(named::at_most_six, "etch: reshape: the rank is above 6");
  static_assert(named::one_open, "etch: reshape: more than one extent is -1");
  if constexpr (named::at_most_six && named::one_open)
    return ops::record_reshape<ops::complete_extents(core::ints<6>{Extents...},
                                                     front::operand_tensor<X>::type.elements())>(x);
  else
    return x;
}

template <>
struct op_for<ops::reshape::key> : std::type_identity<ops::reshape> {};

}  // namespace etch
