#pragma once

#include <array>
#include <concepts>
#include <type_traits>

#include <etch/core/fields.hpp>
#include <etch/ir/elementwise.hpp>
#include <etch/ir/op_info.hpp>

namespace etch::ir {

/// What an operator type has to say: a key and traits; and then either `eval` (elementwise) or
/// `infer` and `reference`.
template <class Op>
concept operation = requires {
  { Op::key } -> std::convertible_to<op_key>;
  { Op::is } -> std::convertible_to<traits>;
};

struct no_attrs {};

namespace detail {

template <class Op>
consteval auto attrs_type() {
  if constexpr (requires { typename Op::attrs; })
    return std::type_identity<typename Op::attrs>{};
  else
    return std::type_identity<no_attrs>{};
}

}  // namespace detail

template <class Op>
using attrs_of = typename decltype(detail::attrs_type<Op>())::type;

namespace detail {

template <class Op>
inline constexpr auto field_kinds = core::kinds_of_fields<attrs_of<Op>>();

template <class Op>
constexpr inferred infer(operand_types in, std::int64_t const* words) {
  if constexpr (requires(attrs_of<Op> a) { Op::infer(in, a); })
    return Op::infer(in, core::from_words<attrs_of<Op>>(words));
  else if constexpr (requires { Op::infer(in); })
    return Op::infer(in);
  else
    return elementwise_type(in, Op::is);
}

template <class Op>
constexpr std::int64_t flops(operand_types in, tensor_type const& out, std::int64_t const* words) {
  if constexpr (requires(attrs_of<Op> a) { Op::flops(in, out, a); })
    return Op::flops(in, out, core::from_words<attrs_of<Op>>(words));
  else
    return Op::is.elementwise ? out.elements() : 0;
}

template <class Op>
void reference(operand_refs in, tensor_ref out, std::int64_t const* words) {
  auto const attributes = core::from_words<attrs_of<Op>>(words);
  if constexpr (requires { Op::reference(in, out, attributes); })
    Op::reference(in, out, attributes);
  else if constexpr (requires { Op::reference(in, out); })
    Op::reference(in, out);
  else
    elementwise_reference<Op>(in, out, attributes);
}

template <class Op>
consteval int arity_min() {
  if constexpr (requires { Op::arity_min; })
    return Op::arity_min;
  else if constexpr (Op::is.elementwise)
    return elementwise_arity<Op, attrs_of<Op>>;
  else
    return 1;
}

template <class Op>
consteval int arity_max() {
  if constexpr (requires { Op::arity_max; })
    return Op::arity_max;
  else
    return arity_min<Op>();
}

}  // namespace detail

template <operation Op>
inline constexpr op_info info_of{
    .key = Op::key,
    .is = Op::is,
    .fields = detail::field_kinds<Op>,
    .arity_min = detail::arity_min<Op>(),
    .arity_max = detail::arity_max<Op>(),
    .infer = &detail::infer<Op>,
    .flops = &detail::flops<Op>,
    .reference = &detail::reference<Op>,
};

}  // namespace etch::ir
