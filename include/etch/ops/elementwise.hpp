#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include <etch/core/isa.hpp>
#include <etch/core/math.hpp>
#include <etch/front/record.hpp>
#include <etch/ops/number.hpp>
#include <etch/ops/op_for.hpp>
#include <etch/ops/operand_checks.hpp>

/// What the elementwise operators share. Their operands broadcast as in NumPy and have one dtype;
/// a C++ number beside a tensor becomes a literal of the tensor's dtype.
/// numerics  integers wrap around. `eval` is the definition: the same formula on scalars (the
///           reference) and on packs (the kernels)
/// flops     per element one for each operation that eval writes: fma counts as two, a function
///           such as exp as one, a comparison with its select as one
namespace etch::ops {

namespace detail {

template <class V>
consteval auto scalar_type() {
  if constexpr (std::is_arithmetic_v<V>)
    return std::type_identity<V>{};
  else
    return std::type_identity<typename V::value_type>{};
}

}  // namespace detail

/// What the lanes of V are: V itself, or the value_type of a pack.
template <class V>
using scalar_of = typename decltype(detail::scalar_type<V>())::type;

/// A constant of an eval, in all lanes of V.
template <class V>
ETCH_INLINE constexpr V number(double value) {
  return V(static_cast<scalar_of<V>>(value));
}

/// What a predicate returns: 1 where the mask (for scalars a bool) is true, else 0.
template <class V, class Mask>
ETCH_INLINE constexpr V truth(Mask const& where) {
  using math::select;
  return select(where, V(1), V(0));
}

/// Base of operators whose eval has `Count` operations.
template <int Count>
struct costs {
  static constexpr std::int64_t flops(ir::operand_types, ir::tensor_type const& out, auto const&) {
    return Count * out.elements();
  }
};

namespace detail {

template <class First, class... Rest>
constexpr auto first_tensor(front::recorder& in, First const& first, Rest const&... rest) {
  if constexpr (scalar<First>)
    return first_tensor(in, rest...);
  else
    return front::as_tensor(first, in);
}

/// The tensor that an operand is: a number becomes a literal of rank 0.
template <class T, class X>
constexpr auto operand_tensor(front::recorder& in, X const& x) {
  if constexpr (scalar<X>)
    return tensor<T>(in, ir::add_constant(in.graph, tensor<T>::type, element<T>(x)));
  else
    return front::as_tensor(x, in);
}

}  // namespace detail

/// Records an elementwise operator on tensors, pending parameters and numbers, at least one of
/// them a tensor. After an error the result has the type of the first operand, so that no further
/// error follows.
template <class Op, front::operand... X>
constexpr auto elementwise(ir::attrs_of<Op> const& attributes, X const&... x) {
  using T = typename deciding_operand<X...>::value_type;
  demand_operands<Op, X...>();
  auto& in = front::recording_of(x...);
  if constexpr (!operands_fit<Op, X...>) {
    return detail::first_tensor(in, x...);
  } else {
    using result = front::result_of<Op, ir::attrs_of<Op>{}, operand_beside<X, T>...>;
    std::array const operands{detail::operand_tensor<T>(in, x).id()...};
    return typename result::type(in,
                                 front::add_operation<Op>(result::value, attributes, in, operands));
  }
}

/// Records an elementwise operator that has no attributes.
template <class Op, front::operand... X>
constexpr auto elementwise(X const&... x) {
  return elementwise<Op>(ir::attrs_of<Op>{}, x...);
}

/// The operands of a binary operator: at least one is not a plain number.
template <class A, class B>
concept operand_pair = front::operand<A> && front::operand<B> && !(scalar<A> && scalar<B>);

/// The operand of a unary operator.
template <class X>
concept tensor_operand = front::operand<X> && !scalar<X>;

}  // namespace etch::ops
