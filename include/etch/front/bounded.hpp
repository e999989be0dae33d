#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <type_traits>
#include <utility>

#include <etch/front/tensor.hpp>
#include <etch/ir/extent_array.hpp>
#include <etch/ir/info_of.hpp>

// Tensors with extents that a call decides: what an operator makes of them.

namespace etch::front {

using ir::extent_array;

namespace detail {

template <class X>
struct extents_of_tensor;
template <class T, auto... E>
struct extents_of_tensor<tensor<T, E...>> {
  static constexpr extent_array value{extent(E)...};
};

}  // namespace detail

/// The extents of a tensor type, fixed and bounded ones.
template <class X>
inline constexpr extent_array extents_of = detail::extents_of_tensor<X>::value;

/// A type at the bounds, and its extents: what `tensor_with` makes a tensor of.
struct bounded_type {
  ir::tensor_type type;
  extent_array extents{};

  constexpr bool is_bounded() const {
    for (int i = 0; i < type.rank(); ++i) {
      if (!extents[static_cast<std::size_t>(i)].is_fixed()) return true;
    }
    return false;
  }
};

/// A type of which the first extent alone is decided by the call.
constexpr bounded_type with_first_extent(ir::tensor_type const& type, extent const& first) {
  bounded_type of{type, {}};
  for (int i = 0; i < type.rank(); ++i)
    of.extents[static_cast<std::size_t>(i)] = i == 0 ? first : extent(type.shape[i]);
  return of;
}

namespace detail {

/// Adds the extents from axis sizeof...(E) on to a tensor; gcc 12 does not expand them at once.
template <bounded_type Type, class T, auto... E>
constexpr auto with_extents() {
  constexpr std::size_t axis = sizeof...(E);
  if constexpr (axis == static_cast<std::size_t>(Type.type.shape.rank)) {
    return std::type_identity<tensor<T, E...>>{};
  } else if constexpr (Type.extents[axis].is_fixed()) {
    constexpr int fixed = static_cast<int>(Type.type.shape.extents[axis]);
    return with_extents<Type, T, E..., fixed>();
  } else {
    constexpr extent bounded = Type.extents[axis];
    return with_extents<Type, T, E..., bounded>();
  }
}

}  // namespace detail

/// The tensor with these extents.
template <bounded_type Type>
using tensor_with =
    typename decltype(detail::with_extents<Type,
                                           typename tensor_for<Type.type>::value_type>())::type;

/// The name of a dim in a compile error.
template <char... Name>
struct dim_named;

/// The dims of some extents, each once.
struct dim_list {
  std::array<extent::dim, 8> dims{};
  int count = 0;
  std::int64_t divisor = 1;  ///< a multiple of all divisors

  constexpr void add(extent const& from) {
    divisor = std::lcm(divisor, from.divisor);
    for (int d = 0; d < from.dim_count; ++d) {
      extent::dim const& added = from.dims[static_cast<std::size_t>(d)];
      if (number_of(added) < count) continue;
      for (int k = 0; k < count; ++k) {
        if (dims[static_cast<std::size_t>(k)].view() == added.view())
          throw "etch: dim: two dims have one name";
      }
      if (count == 8) throw "etch: dim: more than eight dims meet in an operator or a model";
      dims[static_cast<std::size_t>(count++)] = added;
    }
  }
  /// The least bound.
  constexpr std::int64_t least_most() const {
    std::int64_t least = dims[0].most;
    for (int i = 1; i < count; ++i) {
      std::int64_t const own = dims[static_cast<std::size_t>(i)].most;
      if (own < least) least = own;
    }
    return least;
  }
  constexpr int number_of(extent::dim const& wanted) const {
    int i = 0;
    while (i < count && !(dims[static_cast<std::size_t>(i)] == wanted)) ++i;
    return i;
  }
};

/// Lengths to ask an operator with. Those of the first two have nothing in common with each other
/// and with the numbers in a model, and parts of them are whole; those of the third are equal, and
/// small: below the bounds.
class trial {
 public:
  constexpr trial(dim_list const& dims, int number, std::int64_t factor = 1)
      : dims_(dims), number_(number), factor_(factor) {}

  constexpr std::int64_t operator()(extent::dim const& of) const {
    constexpr std::int64_t primes[] = {11, 13, 17, 19, 23, 29, 31, 37};
    int const d = dims_.number_of(of);
    if (number_ == 2) return dims_.divisor * factor_;
    return 5040 * dims_.divisor * primes[number_ == 0 ? d : 7 - d];
  }

 private:
  dim_list const& dims_;
  int number_;
  std::int64_t factor_;
};

/// What an operator makes of bounded extents, or why it does not take them.
struct bounded_result {
  enum class problem : unsigned char { none, lengths, steps, unknown };
  bounded_type type{};
  bounded_result::problem what = problem::none;
};

/// Asks the shape rule of an operator, which knows numbers only, with three sets of lengths. What
/// fits with lengths that agree by no accident fits always, and an extent that is a number of the
/// result with both is that extent. The small lengths find attributes that hold a bound as a
/// number.
template <class Op, std::size_t N>
constexpr bounded_result infer_bounded(std::array<ir::tensor_type, N> const& types,
                                       std::array<extent_array, N> const& extents,
                                       std::int64_t const* words,
                                       ir::tensor_type const& at_bounds) {
  using problem = bounded_result::problem;
  dim_list dims;
  for (std::size_t k = 0; k < N; ++k) {
    for (int i = 0; i < types[k].rank(); ++i) dims.add(extents[k][static_cast<std::size_t>(i)]);
  }
  auto const infer = [&](trial const& lengths) {
    std::array<ir::tensor_type, N> tried = types;
    for (std::size_t k = 0; k < N; ++k) {
      for (int i = 0; i < types[k].rank(); ++i)
        tried[k].shape[i] = extents[k][static_cast<std::size_t>(i)].value(lengths);
    }
    return ir::info_of<Op>.infer(tried, words);
  };
  trial const first(dims, 0), second(dims, 1);
  ir::inferred const a = infer(first), b = infer(second);
  if (!a.ok() || !b.ok()) return {{}, problem::lengths};
  bool small_fits = dims.divisor >= dims.least_most();  // there are no lengths below the bounds
  for (std::int64_t factor = 1;
       factor <= 8 && factor * dims.divisor < dims.least_most() && !small_fits; ++factor)
    small_fits = infer(trial(dims, 2, factor)).ok();
  if (!small_fits) return {{}, problem::unknown};

  bounded_result result{{at_bounds, {}}};
  for (int i = 0; i < at_bounds.rank(); ++i) {
    extent& own = result.type.extents[static_cast<std::size_t>(i)];
    std::int64_t const in_a = a.type.shape[i], in_b = b.type.shape[i];
    bool found = in_a == at_bounds.shape[i] && in_b == at_bounds.shape[i];
    if (found) own = extent(at_bounds.shape[i]);
    auto const consider = [&](extent const& candidate) {
      if (found || candidate.value(first) != in_a || candidate.value(second) != in_b) return;
      own = candidate;
      found = true;
    };
    extent sum;
    for (std::size_t k = 0; k < N; ++k) {
      for (int axis = 0; axis < types[k].rank(); ++axis)
        consider(extents[k][static_cast<std::size_t>(axis)]);
      if (i < types[k].rank()) sum = sum + extents[k][static_cast<std::size_t>(i)];
    }
    consider(sum);
    if (!found) return {{}, problem::unknown};
  }
  return result;
}

/// An operator that knows what becomes of extents: `extents(types, extents, attributes)` gives
/// those of its result, whose first one is 0 where it does not take them.
template <class Op>
concept has_extents_rule = requires(ir::operand_types types, std::span<extent_array const> extents,
                                    ir::attrs_of<Op> const& attributes) {
  Op::extents(types, extents, attributes);
};

/// The result of such a rule. At the bounds it is the shape there, or a window's steps leave a
/// rest.
constexpr bounded_result ruled(ir::tensor_type const& at_bounds, extent_array const& extents) {
  using problem = bounded_result::problem;
  if (extents[0] == extent(0)) return {{}, problem::unknown};
  for (int i = 0; i < at_bounds.rank(); ++i) {
    if (extents[static_cast<std::size_t>(i)].most() != at_bounds.shape[i])
      return {{}, problem::steps};
  }
  return {{at_bounds, extents}};
}

/// The checks, with the operator and the dims in their names, of operands with bounded extents.
template <class Op, bounded_result::problem What, class... Dims>
struct lengths_of_operands {
  static constexpr bool fit = What != bounded_result::problem::lengths;
  static constexpr bool divide = What != bounded_result::problem::steps;
  static constexpr bool known = What != bounded_result::problem::unknown;
};

namespace detail {

template <dim_list Dims, int D, std::size_t... I>
auto name_of_dim(std::index_sequence<I...>) {
  return std::type_identity<dim_named<Dims.dims[static_cast<std::size_t>(D)].name[I]...>>{};
}

}  // namespace detail

/// Dim number D of a list as a type.
template <dim_list Dims, int D>
using name_of_dim = typename decltype(detail::name_of_dim<Dims, D>(
    std::make_index_sequence<Dims.dims[static_cast<std::size_t>(D)].view().size()>{}))::type;

/// Operator `Op` with these attributes on tensors of which some are bounded.
template <class Op, auto Attrs, class... X>
struct bounded_call {
  static constexpr bounded_result result = [] {
    core::list<std::int64_t> words;
    core::to_words(words, Attrs);
    std::array<ir::tensor_type, sizeof...(X)> const types{X::type...};
    std::array<extent_array, sizeof...(X)> const extents{extents_of<X>...};
    auto const at_bounds = ir::info_of<Op>.infer(types, words.data());
    if (!at_bounds.ok()) return bounded_result{{}, bounded_result::problem::lengths};
    if constexpr (has_extents_rule<Op>)
      return ruled(at_bounds.type, Op::extents(types, extents, Attrs));
    else
      return infer_bounded<Op>(types, extents, words.data(), at_bounds.type);
  }();
  static constexpr bool ok = result.what == bounded_result::problem::none;
  static constexpr bounded_type type = result.type;
  using tensor = tensor_with<type>;

  static constexpr dim_list dims = [] {
    dim_list of;
    for (extent_array const& each : {extents_of<X>...}) {
      for (extent const& e : each) of.add(e);
    }
    return of;
  }();

  /// Makes the compiler say what is wrong.
  static constexpr void demand() { demand(std::make_integer_sequence<int, dims.count>{}); }

 private:
  template <int... D>
  static constexpr void demand(std::integer_sequence<int, D...>) {
    using check = lengths_of_operands<Op, result.what, name_of_dim<dims, D>...>;
    static_assert(check::fit,
                  "etch: the shapes of the operands do not fit together for all lengths of these "
                  "dims: dims are different lengths, and none of them is a number");
    static_assert(check::divide,
                  "etch: the stride of a window does not divide the bound of a dim: a call has "
                  "whole steps only");
    static_assert(check::known, "etch: the operator does not take a length that the call decides");
  }
};

}  // namespace etch::front
