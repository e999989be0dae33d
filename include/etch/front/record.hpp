#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <etch/front/bounded.hpp>
#include <etch/front/recorder.hpp>
#include <etch/ir/info_of.hpp>

namespace etch {

namespace front {

constexpr ir::tensor_type first_type(ir::tensor_type const& first, auto const&...) { return first; }

/// What an operator infers for values of these types.
template <class Op, class... Type>
constexpr ir::inferred inferred_for(ir::attrs_of<Op> const& attributes, Type const&... types) {
  std::array<ir::tensor_type, sizeof...(Type)> const in{types...};
  core::list<std::int64_t> words;
  core::to_words(words, attributes);
  return ir::info_of<Op>.infer(in, words.data());
}

/// The tensor of a result: where an operand is bounded, with the extents that follow from it.
template <ir::tensor_type Type, bool Bounded, class Op, auto Attrs, class... X>
consteval auto result_tensor() {
  if constexpr (!Bounded) {
    return std::type_identity<tensor_for<Type>>{};
  } else {
    using call = bounded_call<Op, Attrs, X...>;
    call::demand();
    if constexpr (call::ok)
      return std::type_identity<typename call::tensor>{};
    else
      return std::type_identity<tensor_for<Type>>{};
  }
}

/// The type an operator infers for these operands. `Attrs` holds those attributes that change it.
template <class Op, auto Attrs, class... X>
struct result_of {
  static constexpr ir::inferred inferred = inferred_for<Op>(Attrs, X::type...);
  static constexpr bool ok = inferred.ok();
  /// After an error, a type that provokes no further one.
  static constexpr ir::tensor_type value = ok ? inferred.type : first_type(X::type...);
  using type = typename decltype(result_tensor < value, ok && (X::is_bounded || ...), Op, Attrs,
                                 X... > ())::type;
};

template <class Op>
constexpr ir::node_id add_operation(ir::tensor_type const& type, ir::attrs_of<Op> const& attributes,
                                    recorder& in, std::span<ir::node_id const> operands) {
  core::list<std::int64_t> words;
  core::to_words(words, attributes);
  return in.graph.add(ir::info_of<Op>, type, operands, {words.data(), words.size()});
}

/// The same for operands that are tensors or pending parameters. Braces keep their order, so all
/// compilers record the same graph.
template <class Op, class... X>
constexpr ir::node_id add_node(ir::tensor_type const& type, ir::attrs_of<Op> const& attributes,
                               recorder& in, X const&... x) {
  std::array<ir::node_id, sizeof...(X)> const operands{as_tensor(x, in).id()...};
  return add_operation<Op>(type, attributes, in, operands);
}

}  // namespace front

/// Records one node. `Attrs` (a template argument) for operators whose attributes change the shape.
template <class Op, auto Attrs = ir::attrs_of<Op>{}, class... X>
requires((symbolic<X> || front::is_pending<X>)&&...) constexpr auto record_as(X const&... x) {
  using result = front::result_of<Op, Attrs, front::operand_tensor<X>...>;
  static_assert(result::ok, "etch: an operator does not take these operands");
  auto& in = front::recording_of(x...);
  return typename result::type(in, front::add_node<Op>(result::value, Attrs, in, x...));
}

/// Records one node whose attributes do not change its shape: ordinary function arguments.
template <class Op, class... X>
requires((symbolic<X> ||
          front::is_pending<X>)&&...) constexpr auto record(ir::attrs_of<Op> const& attributes,
                                                            X const&... x) {
  using result = front::result_of<Op, ir::attrs_of<Op>{}, front::operand_tensor<X>...>;
  static_assert(result::ok, "etch: an operator does not take these operands");
  auto& in = front::recording_of(x...);
  return typename result::type(in, front::add_node<Op>(result::value, attributes, in, x...));
}

}  // namespace etch
