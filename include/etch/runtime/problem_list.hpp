#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <etch/core/result.hpp>
#include <etch/runtime/utf8.hpp>

namespace etch::runtime {

/// `text` in single quotes, fit for a line of a message whatever bytes it holds: control characters
/// and what is not UTF-8 become \xNN, and what follows the first 80 bytes becomes "...".
/// Its name is not `quoted`: a call with a std::string would find that of <iomanip> too.
[[nodiscard]] inline std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 80;
  constexpr char hex[] = "0123456789abcdef";
  std::string out = "'";
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t const length = utf8_length(text.substr(at));
    if (at + (length ? length : 1) > longest) {
      out += "...";
      break;
    }
    auto const first = static_cast<unsigned char>(text[at]);
    bool const control =
        first < 0x20 || first == 0x7f ||
        (length == 2 && first == 0xc2 && static_cast<unsigned char>(text[at + 1]) < 0xa0);
    if (length == 0 || control) {
      out += "\\x";
      out += hex[first >> 4];
      out += hex[first & 15];
      ++at;
    } else {
      out.append(text, at, length);
      at += length;
    }
  }
  out += '\'';
  return out;
}

/// Everything that is wrong with one thing, gathered so that it can be told at once.
class problem_list {
 public:
  static constexpr std::size_t most_shown = 20;

  void add(errc code, std::string what) {
    if (count_ == 0) code_ = code;
    if (!full()) shown_.push_back(std::move(what));
    ++count_;
  }

  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  /// What is added from now on is counted and not shown.
  [[nodiscard]] bool full() const noexcept { return shown_.size() == most_shown; }

  /// `etch: <who>: '<where>': <problem>`, or one line for each of several. The code is that of the
  /// first problem.
  [[nodiscard]] error to_error(std::string_view who, std::string_view where) const {
    std::string text = "etch: ";
    text += who;
    text += ": " + in_quotes(where) + ": ";
    if (count_ == 1) {
      text += shown_.front();
    } else {
      text += std::to_string(count_) + " problems:";
      for (std::string const& problem : shown_) text += "\n  " + problem;
      if (count_ > shown_.size())
        text += "\n  and " + std::to_string(count_ - shown_.size()) + " more";
    }
    return {code_, std::move(text), std::string(where)};
  }

 private:
  std::vector<std::string> shown_;
  std::size_t count_ = 0;
  errc code_{};
};

}  // namespace etch::runtime
