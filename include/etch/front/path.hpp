#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>

namespace etch {

/// The name of a parameter, put together from parts with dots:
/// `scope("h") / 3 / "attn.c_attn"` is "h.3.attn.c_attn". At most 127 characters.
class path {
 public:
  constexpr path(char const* name) : path(std::string_view(name)) {}
  constexpr path(std::string_view name) {
    for (char c : name) add(c);
  }

  constexpr std::string_view view() const { return {text_.data(), size_}; }

  constexpr path operator/(std::string_view part) const {
    path longer = *this;
    if (size_ > 0) longer.add('.');
    for (char c : part) longer.add(c);
    return longer;
  }
  constexpr path operator/(char const* part) const { return *this / std::string_view(part); }
  constexpr path operator/(std::integral auto index) const { return (*this / "") + index; }

  /// The same without a dot between: `path("weight_l") + 2` is "weight_l2".
  constexpr path operator+(std::string_view part) const {
    path longer = *this;
    for (char c : part) longer.add(c);
    return longer;
  }
  constexpr path operator+(std::integral auto index) const {
    if (index < 0) throw "etch: scope: an index is negative";
    std::array<char, 20> digits{};
    std::size_t n = 0;
    do {
      digits[n++] = static_cast<char>('0' + static_cast<int>(index % 10));
      index /= 10;
    } while (index != 0);
    path longer = *this;
    while (n > 0) longer.add(digits[--n]);
    return longer;
  }

 private:
  constexpr void add(char c) {
    if (size_ == text_.size()) throw "etch: scope: a name is longer than 127 characters";
    text_[size_++] = c;
  }

  std::array<char, 127> text_{};
  std::size_t size_ = 0;
};

/// Where a group of parameters begins: `scope("h") / i / "fc1"`.
using scope = path;

}  // namespace etch
