#pragma once

#include <type_traits>

#include <etch/front/record.hpp>
#include <etch/ops/number.hpp>

/// What is checked of the operands of an elementwise operator. Each check is a type, so that the
/// compiler's message shows the operator and the operands.
namespace etch::ops {

/// Which dtypes an operator takes. It says `static constexpr operand_kind takes = ...`; without
/// that, floating where it has the trait, else numbers.
enum class operand_kind : unsigned char { any, numbers, floating, booleans };

template <class Op>
consteval operand_kind kind_taken_by() {
  if constexpr (requires { Op::takes; })
    return Op::takes;
  else
    return Op::is.floating ? operand_kind::floating : operand_kind::numbers;
}

template <class Op, class... X>
struct floating_operands {
  static constexpr bool ok = (std::is_floating_point_v<typename X::value_type> && ...);
};

template <class Op, class... X>
struct number_operands {
  static constexpr bool ok = (!std::is_same_v<typename X::value_type, bool> && ...);
};

template <class Op, class... X>
struct bool_operands {
  static constexpr bool ok = (std::is_same_v<typename X::value_type, bool> && ...);
};

template <class Op, class First, class... Rest>
struct same_dtype {
  static constexpr bool ok =
      (std::is_same_v<typename First::value_type, typename Rest::value_type> && ...);
};

template <class Op, class... X>
struct broadcastable {
  static constexpr bool ok = [] {
    ir::broadcast_result joined;
    bool fit = true;
    ((joined = ir::broadcast(joined.shape, X::type.shape), fit = fit && joined.ok), ...);
    return fit;
  }();
};

/// All the numbers among X... may stand beside a tensor of T.
template <class Op, class T, class... X>
struct numbers_fit {
  static constexpr bool ok = ((!scalar<X> || number_fits<T, X>::ok) && ...);
};

namespace detail {

template <class X, class T>
struct beside : front::type_of_operand<X> {};
template <scalar X, class T>
struct beside<X, T> : std::type_identity<tensor<T>> {};

template <class First, class... Rest>
struct deciding {
  using type = typename beside<First, First>::type;
};
template <scalar First, class Second, class... Rest>
struct deciding<First, Second, Rest...> : deciding<Second, Rest...> {};

template <class Op, class... X>
consteval bool kind_fits() {
  switch (kind_taken_by<Op>()) {
    case operand_kind::any:
      return true;
    case operand_kind::numbers:
      return number_operands<Op, X...>::ok;
    case operand_kind::floating:
      return floating_operands<Op, X...>::ok;
    case operand_kind::booleans:
      return bool_operands<Op, X...>::ok;
  }
  return false;
}

template <class Op, class... X>
constexpr void demand_kind() {
  if constexpr (kind_taken_by<Op>() == operand_kind::numbers)
    static_assert(number_operands<Op, X...>::ok,
                  "etch: the operands are bool, the operator takes numbers");
  if constexpr (kind_taken_by<Op>() == operand_kind::floating)
    static_assert(floating_operands<Op, X...>::ok,
                  "etch: the operands are not floating point, the operator takes float or double");
  if constexpr (kind_taken_by<Op>() == operand_kind::booleans)
    static_assert(bool_operands<Op, X...>::ok,
                  "etch: the operands are not bool, the operator takes nothing else");
}

/// Of operands with bounded extents: their lengths fit together in every call.
template <class Op, class... X>
consteval bool lengths_fit() {
  if constexpr ((X::is_bounded || ...))
    return front::bounded_call<Op, ir::attrs_of<Op>{}, X...>::ok;
  else
    return true;
}

template <class Op, class T, class... X>
struct operand_check {
  static constexpr bool numbers = numbers_fit<Op, T, X...>::ok;
  static constexpr bool kind = kind_fits<Op, typename beside<X, T>::type...>();
  static constexpr bool dtypes = same_dtype<Op, typename beside<X, T>::type...>::ok;
  static constexpr bool shapes = broadcastable<Op, typename beside<X, T>::type...>::ok;
  static constexpr bool lengths = dtypes && lengths_fit<Op, typename beside<X, T>::type...>();
  static constexpr bool ok = numbers && kind && dtypes && shapes && lengths;

  /// Says the first thing that is wrong, and only that.
  static constexpr void demand() {
    if constexpr (!numbers)
      static_assert(numbers_fit<Op, T, X...>::ok,
                    "etch: this kind of number does not go with the dtype of the tensor");
    else if constexpr (!kind)
      demand_kind<Op, typename beside<X, T>::type...>();
    else if constexpr (!dtypes)
      static_assert(same_dtype<Op, typename beside<X, T>::type...>::ok,
                    "etch: the dtypes of the operands differ");
    else if constexpr (!lengths)
      front::bounded_call<Op, ir::attrs_of<Op>{}, typename beside<X, T>::type...>::demand();
    else if constexpr (!shapes)
      static_assert(broadcastable<Op, typename beside<X, T>::type...>::ok,
                    "etch: the shapes of the operands do not broadcast");
  }
};

}  // namespace detail

/// The tensor type of an operand next to a tensor of T: a number becomes a tensor<T>.
template <class X, class T>
using operand_beside = typename detail::beside<X, T>::type;

/// The tensor that decides the dtype of the numbers beside it: the first that is no number.
template <class... X>
using deciding_operand = typename detail::deciding<X...>::type;

/// The operands X... (tensors, pending parameters, numbers) are those that Op takes.
template <class Op, class... X>
inline constexpr bool operands_fit =
    detail::operand_check<Op, typename deciding_operand<X...>::value_type, X...>::ok;

/// Makes the compiler say what is wrong with operands that do not fit.
template <class Op, class... X>
constexpr void demand_operands() {
  detail::operand_check<Op, typename deciding_operand<X...>::value_type, X...>::demand();
}

}  // namespace etch::ops
