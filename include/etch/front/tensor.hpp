#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <etch/core/fixed_string.hpp>
#include <etch/ir/extent.hpp>
#include <etch/ir/tensor_type.hpp>

namespace etch {

using ir::dtype;

namespace front {
class recorder;

/// The region that is being recorded, and what a node of the region `of` is in it.
constexpr int region_of(recorder const& in);
constexpr int node_here(recorder& in, int of, int id);

template <class T>
struct supported_dtype {
  static constexpr bool ok = ir::element<T> && !std::is_same_v<T, std::int16_t>;
};
template <auto... Extents>
struct positive_extents {
  static constexpr bool ok = ((static_cast<std::int64_t>(Extents) > 0) && ...);
};

template <auto Extent>
inline constexpr bool is_bounded = std::is_same_v<std::remove_cv_t<decltype(Extent)>, extent>;
}  // namespace front

/// A symbolic tensor: its type is a dtype and a shape and nothing else; its value is a handle to
/// the node that computes it, inside the recording of a model. There are no numbers in it.
///
/// dtype   float and double compute; std::int8_t, std::int32_t, std::int64_t, std::uint8_t and
///         bool are data (indices, masks, images)
/// shape   Extents..., outermost first; rank 0 to 6. Any of them may be bounded, see extent
template <class T, auto... Extents>
class tensor {
  static_assert(front::supported_dtype<T>::ok,
                "etch: tensor: the dtype is not one of float, double, int8_t, int32_t, int64_t, "
                "uint8_t, bool");
  static_assert(front::positive_extents<Extents...>::ok,
                "etch: tensor: an extent is zero or negative");
  static_assert(sizeof...(Extents) <= ir::max_rank, "etch: tensor: the rank is above 6");

 public:
  using value_type = T;
  static constexpr ir::tensor_type type = [] {
    ir::tensor_type result;
    if constexpr (ir::element<T>) result.dtype = ir::dtype_of<T>;
    ((result.shape.push_back(static_cast<std::int64_t>(Extents))), ...);
    return result;
  }();
  static constexpr int rank = static_cast<int>(sizeof...(Extents));
  static constexpr bool is_bounded = (front::is_bounded<Extents> || ...);
  static constexpr std::int64_t elements = type.elements();

  constexpr tensor(front::recorder& in, int id)
      : recorder_(&in), region_(front::region_of(in)), id_(id) {}

  /// The same shape written with other integer types (tensor<float, 4u> and tensor<float, 4>).
  template <auto... Others>
  requires(sizeof...(Others) == sizeof...(Extents) &&
           ((Others == Extents) && ...)) constexpr tensor(tensor<T, Others...> const& same)
      : tensor(same.recording(), same.id()) {}

  constexpr front::recorder& recording() const { return *recorder_; }
  /// The node, in the graph that is being recorded: inside of a body a value from outside of it is
  /// an input of the body.
  constexpr int id() const { return front::node_here(*recorder_, region_, id_); }

 private:
  front::recorder* recorder_;
  int region_;  ///< where the node is
  int id_;
};

/// An argument of a model with a name: `named<"pixels", tensor<float, 1, 784>> pixels`.
template <core::fixed_string Name, class Tensor>
class named : public Tensor {
 public:
  using tensor_type = Tensor;
  static constexpr std::string_view name = Name.view();
  constexpr named(front::recorder& in, int id) : Tensor(in, id) {}
};

namespace front {

template <class X>
inline constexpr bool is_tensor = false;
template <class T, auto... E>
inline constexpr bool is_tensor<tensor<T, E...>> = true;

template <class T, auto... E>
constexpr tensor<T, E...> as_tensor(tensor<T, E...> const& x) {
  return x;
}

/// The tensor type of a tensor or of a named one.
template <class X>
using tensor_of = decltype(as_tensor(std::declval<X const&>()));

namespace detail {

template <ir::tensor_type Type, std::size_t... I>
auto type_door(std::index_sequence<I...>) {
  constexpr auto at = [](std::size_t i) { return static_cast<int>(Type.shape.extents[i]); };
  if constexpr (Type.dtype == dtype::f64)
    return std::type_identity<tensor<double, at(I)...>>{};
  else if constexpr (Type.dtype == dtype::i8)
    return std::type_identity<tensor<std::int8_t, at(I)...>>{};
  else if constexpr (Type.dtype == dtype::i32)
    return std::type_identity<tensor<std::int32_t, at(I)...>>{};
  else if constexpr (Type.dtype == dtype::i64)
    return std::type_identity<tensor<std::int64_t, at(I)...>>{};
  else if constexpr (Type.dtype == dtype::u8)
    return std::type_identity<tensor<std::uint8_t, at(I)...>>{};
  else if constexpr (Type.dtype == dtype::bool_)
    return std::type_identity<tensor<bool, at(I)...>>{};
  else
    return std::type_identity<tensor<float, at(I)...>>{};
}

}  // namespace detail

/// The door from values to types: the tensor whose type is `Type`.
template <ir::tensor_type Type>
using tensor_for = typename decltype(detail::type_door<Type>(
    std::make_index_sequence<static_cast<std::size_t>(Type.shape.rank)>{}))::type;

}  // namespace front

template <class X>
concept symbolic = requires(X const& x) {
  front::as_tensor(x);
};

template <class X>
concept scalar = std::is_arithmetic_v<X>;

}  // namespace etch
