#pragma once

#include <etch/ops/call.hpp>
#include <etch/ops/number.hpp>

namespace etch::ops {

/// What scales or shifts a normalised value: a tensor, a parameter, or a number, which stands for
/// a tensor of type `Type` full of it.
template <ir::tensor_type Type, class V>
constexpr auto norm_weight(front::recorder& in, V const& value) {
  if constexpr (scalar<V>)
    return front::tensor_for<Type>(
        in, ir::add_constant(in.graph, Type,
                             element<typename front::tensor_for<Type>::value_type>(value)));
  else
    return front::as_tensor(value, in);
}

}  // namespace etch::ops
