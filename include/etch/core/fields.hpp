#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include <etch/core/ints.hpp>
#include <etch/core/list.hpp>

namespace etch::core {

// Takes a plain struct apart into its fields (C++20 has no reflection: the fields are counted by
// what the aggregate accepts, then bound by a structured binding), and turns it into 64-bit words
// and back. So an operator's attributes are an ordinary struct.

namespace detail {

struct anything {
  template <class T>
  constexpr operator T() const;
};

template <class T, std::size_t... I>
concept accepts = requires {
  T{((void)I, anything{})...};
};

template <class T, std::size_t Count = 12>
consteval std::size_t count_fields() {
  if constexpr (Count == 0) {
    return 0;
  } else {
    constexpr bool fits = []<std::size_t... I>(std::index_sequence<I...>) {
      return accepts<T, I...>;
    }
    (std::make_index_sequence<Count>{});
    if constexpr (fits)
      return Count;
    else
      return count_fields<T, Count - 1>();
  }
}

}  // namespace detail

template <class T>
inline constexpr std::size_t field_count = detail::count_fields<T>();

/// Calls `take` with every field of `value`, in order. Up to 12 fields.
template <class T, class Take>
constexpr decltype(auto) with_fields(T& value, Take&& take) {
  constexpr std::size_t n = field_count<std::remove_const_t<T>>;
  if constexpr (n == 0) {
    return take();
  } else if constexpr (n == 1) {
    auto& [a] = value;
    return take(a);
  } else if constexpr (n == 2) {
    auto& [a, b] = value;
    return take(a, b);
  } else if constexpr (n == 3) {
    auto& [a, b, c] = value;
    return take(a, b, c);
  } else if constexpr (n == 4) {
    auto& [a, b, c, d] = value;
    return take(a, b, c, d);
  } else if constexpr (n == 5) {
    auto& [a, b, c, d, e] = value;
    return take(a, b, c, d, e);
  } else if constexpr (n == 6) {
    auto& [a, b, c, d, e, f] = value;
    return take(a, b, c, d, e, f);
  } else if constexpr (n == 7) {
    auto& [a, b, c, d, e, f, g] = value;
    return take(a, b, c, d, e, f, g);
  } else if constexpr (n == 8) {
    auto& [a, b, c, d, e, f, g, h] = value;
    return take(a, b, c, d, e, f, g, h);
  } else if constexpr (n == 9) {
    auto& [a, b, c, d, e, f, g, h, i] = value;
    return take(a, b, c, d, e, f, g, h, i);
  } else if constexpr (n == 10) {
    auto& [a, b, c, d, e, f, g, h, i, j] = value;
    return take(a, b, c, d, e, f, g, h, i, j);
  } else if constexpr (n == 11) {
    auto& [a, b, c, d, e, f, g, h, i, j, k] = value;
    return take(a, b, c, d, e, f, g, h, i, j, k);
  } else {
    static_assert(n == 12, "etch: attributes have at most 12 fields");
    auto& [a, b, c, d, e, f, g, h, i, j, k, l] = value;
    return take(a, b, c, d, e, f, g, h, i, j, k, l);
  }
}

/// How a field prints and how many words it takes: a number is one word, a list its length and
/// then its values.
enum class field_kind : unsigned char { integer, boolean, real, integers };

namespace detail {

template <class T>
inline constexpr bool is_ints = false;
template <std::size_t N>
inline constexpr bool is_ints<ints<N>> = true;

template <class F>
consteval field_kind kind_of() {
  if constexpr (is_ints<F>)
    return field_kind::integers;
  else if constexpr (std::is_floating_point_v<F>)
    return field_kind::real;
  else if constexpr (std::is_same_v<F, bool>)
    return field_kind::boolean;
  else {
    static_assert(std::is_integral_v<F> || std::is_enum_v<F>,
                  "etch: an attribute is a number, a bool, an enum or ints<N>");
    return field_kind::integer;
  }
}

template <class F>
constexpr void put_field(list<std::int64_t>& words, F const& field) {
  if constexpr (is_ints<F>) {
    words.push_back(static_cast<std::int64_t>(field.size()));
    for (std::int64_t value : field) words.push_back(value);
  } else if constexpr (std::is_floating_point_v<F>) {
    words.push_back(std::bit_cast<std::int64_t>(static_cast<double>(field)));
  } else {
    words.push_back(static_cast<std::int64_t>(field));
  }
}

template <class F>
constexpr void get_field(std::int64_t const*& word, F& field) {
  if constexpr (is_ints<F>) {
    field.count = static_cast<std::size_t>(*word++);
    for (std::size_t i = 0; i < field.count; ++i) field.values[i] = *word++;
  } else if constexpr (std::is_floating_point_v<F>) {
    field = static_cast<F>(std::bit_cast<double>(*word++));
  } else {
    field = static_cast<F>(*word++);
  }
}

}  // namespace detail

template <class T>
constexpr void to_words(list<std::int64_t>& words, T const& value) {
  with_fields(value, [&](auto const&... field) { (detail::put_field(words, field), ...); });
}

template <class T>
constexpr T from_words(std::int64_t const* word) {
  T value{};
  with_fields(value, [&](auto&... field) { (detail::get_field(word, field), ...); });
  return value;
}

template <class T>
consteval auto kinds_of_fields() {
  T value{};
  return with_fields(value, [](auto&... field) {
    return std::array<field_kind, sizeof...(field)>{
        detail::kind_of<std::remove_cvref_t<decltype(field)>>()...};
  });
}

}  // namespace etch::core
