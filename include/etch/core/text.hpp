#pragma once

#include <cstddef>
#include <string_view>

namespace etch::core {

/// Text of at most 127 characters as a member of a structural type.
struct text {
  char characters[128]{};

  constexpr text() = default;
  template <std::size_t N>
  constexpr text(char const (&literal)[N]) {
    static_assert(N <= 128, "etch: an option's text is longer than 127 characters");
    for (std::size_t i = 0; i < N; ++i) characters[i] = literal[i];
  }
  constexpr std::string_view view() const {
    std::size_t n = 0;
    while (characters[n] != '\0') ++n;
    return {characters, n};
  }
  constexpr bool operator==(text const&) const = default;
};

/// Calls `take` with each part of a list separated by commas; spaces around parts do not count.
template <class Take>
constexpr void for_each_part(std::string_view list, Take const& take) {
  while (!list.empty()) {
    std::size_t const comma = list.find(',');
    std::string_view part = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    if (!part.empty()) take(part);
  }
}

}  // namespace etch::core
