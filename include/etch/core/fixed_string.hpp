#pragma once

#include <cstddef>
#include <string_view>

namespace etch::core {

/// Text as a template argument.
template <std::size_t N>
struct fixed_string {
  char text[N]{};

  consteval fixed_string(char const (&literal)[N]) {
    for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
  }
  constexpr std::string_view view() const { return {text, N - 1}; }
  constexpr bool operator==(fixed_string const&) const = default;
};

}  // namespace etch::core
