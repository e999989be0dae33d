#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include <boost/hana/fwd/map.hpp>
#include <boost/hana/map.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/string.hpp>

#include <etch/core/fixed_string.hpp>

namespace etch {

/// A name known at compile time: "logits"_t. It is the key of the hana::map that a model with named
/// outputs returns, and `"x"_t = value` makes one entry of such a map.
template <char... C>
struct key_name : boost::hana::string<C...> {
  using hana_tag = boost::hana::string_tag;

  static constexpr std::string_view view() {
    return {boost::hana::string<C...>::c_str(), sizeof...(C)};
  }

  template <class T>
  constexpr auto operator=(T const& value) const {
    return boost::hana::make_pair(key_name{}, value);
  }
};

namespace literals {

template <core::fixed_string Text>
constexpr auto operator""_t() {
  return []<std::size_t... I>(std::index_sequence<I...>) { return key_name<Text.text[I]...>{}; }
  (std::make_index_sequence<Text.view().size()>{});
}

}  // namespace literals
using namespace literals;

/// outputs("logits"_t = a, "probabilities"_t = b): the named results of a model.
template <class... Pairs>
constexpr auto outputs(Pairs const&... pairs) {
  return boost::hana::make_map(pairs...);
}

}  // namespace etch
