#pragma once

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>

#include <boost/hana/at_key.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/keys.hpp>
#include <boost/hana/map.hpp>
#include <boost/hana/tuple.hpp>

#include <etch/front/names.hpp>
#include <etch/front/tensor.hpp>

namespace etch::front {

namespace hana = boost::hana;

template <class... T>
struct types {
  static constexpr std::size_t size = sizeof...(T);
};

namespace detail {

template <class F>
struct call_signature;
template <class R, class... A>
struct call_signature<R (*)(A...)> {
  using result = R;
  using arguments = types<std::remove_cvref_t<A>...>;
};
template <class R, class C, class... A>
struct call_signature<R (C::*)(A...) const> : call_signature<R (*)(A...)> {};
template <class R, class C, class... A>
struct call_signature<R (C::*)(A...)> : call_signature<R (*)(A...)> {};
template <class R, class... A>
struct call_signature<R (*)(A...) noexcept> : call_signature<R (*)(A...)> {};
template <class R, class C, class... A>
struct call_signature<R (C::*)(A...) const noexcept> : call_signature<R (*)(A...)> {};

template <class F>
consteval auto signature_of() {
  if constexpr (requires { &F::operator(); })
    return call_signature<decltype(&F::operator())>{};
  else
    return call_signature<F>{};
}

}  // namespace detail

template <class X>
concept named_tensor = symbolic<X> && requires {
  X::name;
};

template <class X>
constexpr std::string_view argument_name() {
  if constexpr (named_tensor<X>)
    return X::name;
  else
    return {};
}

/// `Tensor` with the name of the argument `Like`, if that has one.
template <class Like, class Tensor>
struct argument_like {
  using type = Tensor;
};
template <core::fixed_string Name, class Like, class Tensor>
struct argument_like<named<Name, Like>, Tensor> {
  using type = named<Name, Tensor>;
};

/// What a model's function returns: one tensor, a tuple of them, or a map from names to them.
enum class result_form { none, one, tuple, map };

template <class R>
consteval result_form form_of() {
  if constexpr (symbolic<R>)
    return result_form::one;
  else if constexpr (hana::is_a<hana::tuple_tag, R>)
    return result_form::tuple;
  else if constexpr (hana::is_a<hana::map_tag, R>)
    return result_form::map;
  else
    return result_form::none;
}

/// The arguments and results of a model's function.
template <class F>
struct signature {
  using call = decltype(detail::signature_of<F>());
  using arguments = typename call::arguments;
  using result = typename call::result;
  static constexpr result_form form = form_of<result>();
};

template <class... A>
consteval bool names_differ(types<A...>) {
  constexpr std::size_t n = sizeof...(A);
  std::string_view const names[n + 1] = {argument_name<A>()..., {}};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (!names[i].empty() && names[i] == names[j]) return false;
    }
  }
  return true;
}

/// Whether an argument has extents that a call decides.
template <class... A>
consteval bool has_bounded(types<A...>) {
  return (A::is_bounded || ...);
}

}  // namespace etch::front
