#pragma once

#include <etch/ops/elementwise.hpp>

namespace etch {

namespace ops {
struct where {
  static constexpr ir::op_key key{"where"};
  static constexpr ir::traits is{.elementwise = true};
  static constexpr auto takes = operand_kind::any;

  static constexpr ir::inferred infer(ir::operand_types in) {
    if (in[0].dtype != ir::dtype::bool_) return ir::inferred("the condition is not bool");
    if (in[1].dtype != in[2].dtype) return ir::inferred("the operands differ in dtype");
    auto const values = ir::broadcast(in[1].shape, in[2].shape);
    auto const all = ir::broadcast(values.shape, in[0].shape);
    if (!values.ok || !all.ok) return ir::inferred("the shapes of the operands do not broadcast");
    return ir::tensor_type{in[1].dtype, all.shape};
  }

  template <class V>
  static ETCH_INLINE constexpr V eval(V condition, V a, V b) {
    using math::select;
    return select(condition != V(0), a, b);
  }
};

namespace detail {

/// The dtype of a selection: that of the first tensor of both, else that of the first number.
template <class A, class B>
struct selected : deciding<A, B> {};
template <scalar A, scalar B>
struct selected<A, B> : std::type_identity<tensor<A>> {};

}  // namespace detail
}  // namespace ops

/// where(condition, a, b): a where the condition is true, else b.
/// shape     the NumPy broadcast of all three
/// dtype     condition bool; a and b one dtype, which the result has; a, b or both may be numbers
/// numerics  exact
/// errors    a condition that is not bool, dtypes that differ, shapes that do not broadcast
/// source    ONNX Where-16
template <ops::tensor_operand C, front::operand A, front::operand B>
constexpr auto where(C const& condition, A const& a, B const& b) {
  using op = ops::where;
  using T = typename ops::detail::selected<A, B>::type::value_type;
  using condition_tensor = front::operand_tensor<C>;
  using result_a = ops::operand_beside<A, T>;
  using result_b = ops::operand_beside<B, T>;
  using is_bool = ops::bool_operands<op, condition_tensor>;
  using values = ops::detail::operand_check<op, T, A, B>;
  using all = ops::broadcastable<op, condition_tensor, result_a, result_b>;

  auto& in = front::recording_of(condition, a, b);
  if constexpr (is_bool::ok && values::ok && all::ok) {
    std::array const operands{front::as_tensor(condition, in).id(),
                              ops::detail::operand_tensor<T>(in, a).id(),
                              ops::detail::operand_tensor<T>(in, b).id()};
    using result = front::result_of<op, ir::no_attrs{}, condition_tensor, result_a, result_b>;
    return typename result::type(in, front::add_operation<op>(result::value, {}, in, operands));
  } else {
    if constexpr (!is_bool::ok)
      static_assert(is_bool::ok, "etch: where: the condition is not bool");
    else if constexpr (!values::ok)
      values::demand();
    else
      static_assert(all::ok, "etch: the shapes of the operands do not broadcast");
    return ops::detail::operand_tensor<T>(in, a);
  }
}

template <>
struct op_for<ops::where::key> : std::type_identity<ops::where> {};

}  // namespace etch
