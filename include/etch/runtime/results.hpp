#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <boost/hana/at.hpp>
#include <boost/hana/at_key.hpp>
#include <boost/hana/keys.hpp>
#include <boost/hana/map.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/tuple.hpp>

#include <etch/front/signature.hpp>
#include <etch/lower/memory.hpp>
#include <etch/plan/plan.hpp>
#include <etch/runtime/view.hpp>

namespace etch::runtime {

/// Where a result of a call is.
inline void const* address_of(lower::memory const& m, plan::location const& at) noexcept {
  auto const offset = static_cast<std::ptrdiff_t>(at.offset);
  if (at.place == plan::place::input) return m.inputs[offset];
  if (at.place == plan::place::weights) return m.weights + offset;
  if (at.place == plan::place::state) return m.state + offset;
  return m.workspace + offset;
}

/// Converts to a pointer to any element type.
struct untyped_numbers {
  void const* data;
  template <class T>
  operator T const*() const noexcept {
    return static_cast<T const*>(data);
  }
};

/// Key I of a map from names to tensors, and the tensor behind it.
template <class Map, std::size_t I>
using key_at = std::remove_cvref_t<decltype(boost::hana::at_c<I>(
    boost::hana::keys(std::declval<Map const&>())))>;
template <class Map, std::size_t I>
using tensor_behind =
    front::tensor_of<std::remove_cvref_t<decltype(std::declval<Map const&>()[key_at<Map, I>{}])>>;

/// What a call returns, in the form of the function's result: a `Handle` for each tensor, made from
/// at(its number).
template <class Result, template <class> class Handle = view, class At, std::size_t... I>
auto results(At const& at, std::index_sequence<I...>) {
  namespace hana = boost::hana;
  constexpr auto form = front::form_of<Result>();
  if constexpr (form == front::result_form::one) {
    return Handle<front::tensor_of<Result>>(at(0));
  } else if constexpr (form == front::result_form::tuple) {
    return hana::make_tuple(
        Handle<front::tensor_of<
            std::remove_cvref_t<decltype(std::declval<Result const&>()[hana::size_c<I>])>>>(
            at(I))...);
  } else {
    return hana::make_map(
        hana::make_pair(key_at<Result, I>{}, Handle<tensor_behind<Result, I>>(at(I)))...);
  }
}

}  // namespace etch::runtime
