#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <etch/runtime/utf8.hpp>

namespace etch::runtime {

enum class json_kind : unsigned char { object, array, string, number, word, nothing };

/// A strict JSON text, read from front to back one value at a time; nothing is read twice.
///   json_reader json{text};
///   std::string key;
///   if (json.enter_object())
///     while (json.next_key(key)) json.skip_value();
///   if (!json.finish()) report(json.offset(), json.problem());
/// Each reading function returns false when there is nothing more to read in its container, or when
/// the text is not JSON: `failed()` tells, and stays true.
/// errors  whatever RFC 8259 does not allow, bytes that are not UTF-8, lone surrogates, containers
///         more than `deepest` deep
/// source  RFC 8259
class json_reader {
 public:
  static constexpr std::size_t deepest = 32;

  explicit json_reader(std::string_view text) noexcept : text_(text) {}

  [[nodiscard]] bool failed() const noexcept { return problem_ != nullptr; }
  [[nodiscard]] char const* problem() const noexcept { return problem_ ? problem_ : ""; }
  /// Where the reader stands; after a failure, the byte at fault.
  [[nodiscard]] std::size_t offset() const noexcept { return at_; }

  /// The kind of the value that comes next.
  [[nodiscard]] json_kind next() noexcept {
    if (failed()) return json_kind::nothing;
    skip_space();
    if (at_ == text_.size()) return json_kind::nothing;
    char const c = text_[at_];
    if (c == '{') return json_kind::object;
    if (c == '[') return json_kind::array;
    if (c == '"') return json_kind::string;
    if (c == '-' || is_digit(c)) return json_kind::number;
    if (c == 't' || c == 'f' || c == 'n') return json_kind::word;
    return json_kind::nothing;
  }

  bool enter_object() noexcept { return enter('{', true, "'{' is expected"); }
  bool enter_array() noexcept { return enter('[', false, "'[' is expected"); }

  /// Reads the next key of the object that was entered last; false once '}' is read.
  bool next_key(std::string& key) {
    if (!next_item('}', "',' or '}' is expected")) return false;
    if (next() != json_kind::string) return fail("a key in quotes is expected");
    if (!read_string(key)) return false;
    return take(':') || fail("':' is expected after a key");
  }

  /// True when another element of the array that was entered last follows; false once ']' is read.
  bool next_element() noexcept { return next_item(']', "',' or ']' is expected"); }

  bool read_string(std::string& out) {
    out.clear();
    if (failed() || !take('"')) return fail("a string is expected");
    std::size_t const start = at_ - 1;
    while (at_ < text_.size()) {
      std::size_t const run = at_;
      if (!skip_plain()) return fail("the string holds bytes that are not UTF-8");
      out.append(text_, run, at_ - run);
      if (at_ == text_.size()) break;
      if (text_[at_] == '"') {
        ++at_;
        return true;
      }
      if (text_[at_] != '\\') return fail("the string holds a control character");
      if (!read_escape(out)) return false;
    }
    at_ = start;
    return fail("the string has no end");
  }

  /// Reads a number and leaves its meaning to the caller: `out` is its text.
  bool read_number(std::string_view& out) noexcept {
    if (next() != json_kind::number) return fail("a number is expected");
    std::size_t const start = at_;
    if (text_[at_] == '-') ++at_;
    if (here() == '0') {
      ++at_;
    } else if (!skip_digits()) {
      return fail("a digit is expected");
    }
    if (here() == '.') {
      ++at_;
      if (!skip_digits()) return fail("a digit is expected after the point");
    }
    if (here() == 'e' || here() == 'E') {
      ++at_;
      if (here() == '+' || here() == '-') ++at_;
      if (!skip_digits()) return fail("a digit is expected in the exponent");
    }
    out = text_.substr(start, at_ - start);
    return true;
  }

  /// Reads one value of any kind and forgets it.
  bool skip_value() {
    std::size_t const floor = depth_;
    std::string forgotten;
    do {
      if (depth_ > floor) {
        bool const more = open_[depth_ - 1].is_object ? next_key(forgotten) : next_element();
        if (!more) continue;
      }
      skip_or_enter(forgotten);
    } while (depth_ > floor && !failed());
    return !failed();
  }

  /// True when nothing but space follows and every container is closed.
  bool finish() noexcept {
    if (failed()) return false;
    skip_space();
    return at_ == text_.size() || fail("nothing is expected after the value");
  }

 private:
  struct container {
    bool is_object;
    bool is_fresh;
  };

  static constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

  bool fail(char const* problem) noexcept {
    if (!problem_) problem_ = problem;
    return false;
  }

  [[nodiscard]] char here() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() noexcept {
    while (here() == ' ' || here() == '\n' || here() == '\r' || here() == '\t') ++at_;
  }

  bool take(char c) noexcept {
    skip_space();
    if (here() != c) return false;
    ++at_;
    return true;
  }

  bool skip_digits() noexcept {
    std::size_t const start = at_;
    while (is_digit(here())) ++at_;
    return at_ > start;
  }

  bool enter(char opening, bool is_object, char const* expected) noexcept {
    if (failed()) return false;
    skip_space();
    if (here() != opening) return fail(expected);
    if (depth_ == deepest) return fail("the text is nested too deeply");
    ++at_;
    open_[depth_++] = {is_object, true};
    return true;
  }

  bool next_item(char closing, char const* expected) noexcept {
    if (failed() || depth_ == 0) return false;
    container& inside = open_[depth_ - 1];
    if (take(closing)) {
      --depth_;
      return false;
    }
    if (!inside.is_fresh && !take(',')) return fail(expected);
    inside.is_fresh = false;
    return true;
  }

  void skip_or_enter(std::string& forgotten) {
    std::string_view number;
    switch (next()) {
      case json_kind::object:
        enter_object();
        break;
      case json_kind::array:
        enter_array();
        break;
      case json_kind::string:
        read_string(forgotten);
        break;
      case json_kind::number:
        read_number(number);
        break;
      case json_kind::word:
        skip_word();
        break;
      case json_kind::nothing:
        fail("a value is expected");
        break;
    }
  }

  void skip_word() noexcept {
    for (std::string_view word : {"true", "false", "null"}) {
      if (text_.substr(at_, word.size()) != word) continue;
      at_ += word.size();
      return;
    }
    fail("a value is expected");
  }

  /// Stops at the end, a quote, a backslash or a control character; false at what is not UTF-8.
  bool skip_plain() noexcept {
    while (at_ < text_.size()) {
      auto const c = static_cast<unsigned char>(text_[at_]);
      if (c == '"' || c == '\\' || c < 0x20) return true;
      std::size_t const length = utf8_length(text_.substr(at_));
      if (length == 0) return false;
      at_ += length;
    }
    return true;
  }

  bool read_escape(std::string& out) {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    ++at_;
    if (here() == 'u') return read_code_point(out);
    std::size_t const which = at_ < text_.size() ? letters.find(here()) : letters.npos;
    if (which == letters.npos) return fail("the string holds an unknown escape");
    out += meanings[which];
    ++at_;
    return true;
  }

  bool read_code_point(std::string& out) {
    unsigned long code = 0;
    std::size_t const start = at_ - 1;
    if (!read_four_digits(code)) return false;
    if (code >= 0xd800 && code < 0xdc00) {
      unsigned long low = 0;
      if (text_.substr(at_, 2) == "\\u") {
        ++at_;
        if (!read_four_digits(low)) return false;
      }
      if (low >= 0xdc00 && low < 0xe000) {
        append_utf8(out, 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00));
        return true;
      }
    }
    if (code >= 0xd800 && code < 0xe000) {
      at_ = start;
      return fail("the string holds half of a surrogate pair");
    }
    append_utf8(out, code);
    return true;
  }

  bool read_four_digits(unsigned long& code) noexcept {
    ++at_;  // the u
    for (int i = 0; i < 4; ++i, ++at_) {
      char const c = here();
      unsigned digit = 0;
      if (is_digit(c))
        digit = static_cast<unsigned>(c - '0');
      else if (c >= 'a' && c <= 'f')
        digit = static_cast<unsigned>(c - 'a') + 10;
      else if (c >= 'A' && c <= 'F')
        digit = static_cast<unsigned>(c - 'A') + 10;
      else
        return fail("four hexadecimal digits are expected after \\u");
      code = code << 4 | digit;
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  char const* problem_ = nullptr;
  std::size_t depth_ = 0;
  std::array<container, deepest> open_{};
};

}  // namespace etch::runtime
