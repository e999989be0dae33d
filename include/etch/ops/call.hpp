#pragma once

#include <cstdint>

#include <etch/front/record.hpp>

namespace etch {

namespace ops {

/// The named check of a structured operator: one call with its attributes and operand types, so
/// that a failed check prints all of them. An operator declares each mistake that its `infer` can
/// find as a static array of characters, and its user function asserts `without` every one.
template <class Op, auto Attrs, class... X>
struct call {
  using result = front::result_of<Op, Attrs, X...>;
  static constexpr bool ok = result::ok;

  template <auto& Mistake>
  static constexpr bool without = result::inferred.problem != &Mistake[0];

  /// Records the node; after a failed check, hands back something of a harmless type.
  template <class... Operand>
  static constexpr auto record(Operand const&... x) {
    return record_with(Attrs, x...);
  }

  /// The same with other values for those attributes that do not change the type.
  template <class... Operand>
  static constexpr auto record_with(ir::attrs_of<Op> const& attributes, Operand const&... x) {
    auto& in = front::recording_of(x...);
    if constexpr (ok)
      return typename result::type(in, front::add_node<Op>(result::value, attributes, in, x...));
    else
      return typename result::type(in, 0);
  }
};

/// `call` from operands, which may be pending parameters.
template <class Op, auto Attrs, class... Operand>
using call_on = call<Op, Attrs, front::operand_tensor<Operand>...>;

namespace detail {

template <class T, auto... E>
constexpr pending_parameter<T, E...> pending(tensor<T, E...> const*, path const& name) {
  return pending_parameter<T, E...>(name);
}

}  // namespace detail

/// A parameter of a computed type.
template <ir::tensor_type Type>
constexpr auto parameter_of(path const& name) {
  return detail::pending(static_cast<front::tensor_for<Type> const*>(nullptr), name);
}

/// The last extent, or 1 where there is none: for the types of parameters.
constexpr std::int64_t last_extent(ir::shape const& s) { return s.rank > 0 ? s[s.rank - 1] : 1; }

/// The extent of that axis, or 1 where it is out of range.
constexpr std::int64_t extent_or_one(ir::shape const& s, int axis) {
  return axis >= 0 && axis < s.rank ? s[axis] : 1;
}

/// True where all operands have the dtype of the first, float or double.
constexpr bool all_floating(ir::operand_types in) {
  for (ir::tensor_type const& each : in) {
    if (each.dtype != in[0].dtype) return false;
  }
  return in[0].dtype == dtype::f32 || in[0].dtype == dtype::f64;
}

}  // namespace ops
}  // namespace etch
