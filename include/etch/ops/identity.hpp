#pragma once

#include <etch/ops/call.hpp>
#include <etch/ops/copy_elements.hpp>
#include <etch/ops/op_for.hpp>

namespace etch {

namespace ops {

struct identity {
  static constexpr ir::op_key key{"identity"};
  static constexpr ir::traits is{.view = true, .identity = true};

  static constexpr ir::inferred infer(ir::operand_types in) { return in[0]; }

  static void reference(ir::operand_refs in, ir::tensor_ref out) {
    strided_walk all;
    all.add_axis(out.type.elements(), 1);
    gather_elements(in[0], all, out);
  }
};

}  // namespace ops

/// dropout(x, p): x. It is noise in training and nothing in inference; it stays in the graph as
/// `identity` until the passes strip it.
/// shape     that of x
/// dtype     any
/// numerics  exact
/// errors    none
/// source    Hinton et al. 2012; ONNX Dropout-13 without training_mode
template <front::tensor_operand X>
constexpr auto dropout(X const& x, double = 0.5) {
  return ops::call_on<ops::identity, ir::no_attrs{}, X>::record(x);
}

template <>
struct op_for<ops::identity::key> : std::type_identity<ops::identity> {};

}  // namespace etch
