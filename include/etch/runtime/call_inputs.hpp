#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include <boost/hana/pair.hpp>

#include <etch/front/signature.hpp>
#include <etch/runtime/view.hpp>

namespace etch::runtime {

/// The check, with both types in its name, that `Numbers` are what an argument of a call takes.
template <class Tensor, class Numbers>
struct numbers_for {
  static constexpr bool ok = std::is_constructible_v<input<Tensor>, Numbers const&>;
  static constexpr void demand() {
    static_assert(ok,
                  "etch: session: an input has another size or dtype than the model's argument");
  }
};

/// The same for an argument whose size the call decides.
template <class Element, class Numbers>
struct block_for {
  static constexpr bool ok = std::is_constructible_v<std::span<Element const>, Numbers const&>;
  static constexpr void demand() {
    static_assert(ok,
                  "etch: session: an input has another dtype than the model's argument, or is "
                  "no range of numbers");
  }
};

/// The pointer of the argument for input `name` among `name_t = value` pairs. A deduced result has
/// the body compiled at the call: clang's messages then lead to the user's line.
template <class Argument, class... Pairs>
auto named_input(Pairs const&... pairs) {
  void const* found = nullptr;
  auto const look = [&](auto const& pair) {
    using key = std::remove_cvref_t<decltype(boost::hana::first(pair))>;
    if constexpr (std::string_view(key::c_str()) == Argument::name) {
      using tensor = typename Argument::tensor_type;
      using numbers = std::remove_cvref_t<decltype(boost::hana::second(pair))>;
      numbers_for<tensor, numbers>::demand();
      if constexpr (numbers_for<tensor, numbers>::ok)
        found = input<tensor>(boost::hana::second(pair)).data();
    }
  };
  (look(pairs), ...);
  return found;
}

/// Numbers of an input whose size the call decides. A deduced result, as for named_input.
template <class Argument, class Numbers>
auto bytes_of(Numbers const& numbers) noexcept {
  using element = typename front::tensor_of<Argument>::value_type;
  using block = block_for<element, Numbers>;
  block::demand();
  if constexpr (block::ok)
    return std::as_bytes(std::span<element const>(numbers));
  else
    return std::span<std::byte const>();
}

/// The same for input `name` among `name_t = value` pairs.
template <class Argument, class... Pairs>
auto named_bytes(Pairs const&... pairs) {
  std::span<std::byte const> found;
  auto const look = [&](auto const& pair) {
    using key = std::remove_cvref_t<decltype(boost::hana::first(pair))>;
    if constexpr (std::string_view(key::c_str()) == Argument::name)
      found = bytes_of<Argument>(boost::hana::second(pair));
  };
  (look(pairs), ...);
  return found;
}

template <class Pair>
inline constexpr bool is_pair = boost::hana::is_a<boost::hana::pair_tag, Pair>;

template <class Argument, class Pair>
consteval bool is_for() {
  using key = std::remove_cvref_t<decltype(boost::hana::first(std::declval<Pair>()))>;
  if constexpr (front::named_tensor<Argument>)
    return std::string_view(key::c_str()) == Argument::name;
  else
    return false;
}

template <class Argument, class... Pairs>
consteval bool has_input() {
  return (is_for<Argument, Pairs>() || ...);
}

/// The numbers of the inputs of a call that decides their sizes, in the order of the arguments A.
template <class... A, class... Inputs>
auto input_bytes(front::types<A...>, Inputs const&... inputs) {
  std::array<std::span<std::byte const>, sizeof...(A)> from{};
  if constexpr ((is_pair<Inputs> && ...)) {
    static_assert((has_input<A, Inputs...>() && ...),
                  "etch: session: a named input of the model is missing");
    from = {named_bytes<A>(inputs...)...};
  } else {
    from = {bytes_of<A>(inputs)...};
  }
  return from;
}

/// Where the inputs of a call are, in the order of the arguments A, and a null pointer behind the
/// last one. All of them are null where an input does not fit, which does not compile.
template <class... A, class... Inputs>
auto input_pointers(front::types<A...>, Inputs const&... inputs) noexcept {
  std::array<void const*, sizeof...(A) + 1> from{};
  if constexpr (sizeof...(Inputs) > 0 && (is_pair<Inputs> && ...)) {
    static_assert((has_input<A, Inputs...>() && ...),
                  "etch: session: a named input of the model is missing");
    from = {named_input<A>(inputs...)..., nullptr};
  } else {
    (numbers_for<front::tensor_of<A>, Inputs>::demand(), ...);
    if constexpr ((numbers_for<front::tensor_of<A>, Inputs>::ok && ...))
      from = {input<front::tensor_of<A>>(inputs).data()..., nullptr};
  }
  return from;
}

}  // namespace etch::runtime
