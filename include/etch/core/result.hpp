#pragma once

#include <concepts>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#if defined(__cpp_exceptions)
#include <stdexcept>
#endif

namespace etch {

/// What kind of thing went wrong; the text of an `error` says what exactly.
enum class errc : unsigned char {
  not_found,         ///< no such file
  unreadable,        ///< the file exists and could not be read
  unwritable,        ///< the file could not be written
  bad_format,        ///< the bytes are not what their format demands
  mismatch,          ///< well formed, but not what the model reads
  unsupported,       ///< well formed, but etch has no such thing
  invalid_argument,  ///< the caller passed something that cannot be used
  exhausted,         ///< something of bounded size has no room left
};

[[nodiscard]] constexpr std::string_view to_string(errc code) noexcept {
  switch (code) {
    case errc::not_found:
      return "not_found";
    case errc::unreadable:
      return "unreadable";
    case errc::unwritable:
      return "unwritable";
    case errc::bad_format:
      return "bad_format";
    case errc::mismatch:
      return "mismatch";
    case errc::unsupported:
      return "unsupported";
    case errc::invalid_argument:
      return "invalid_argument";
    case errc::exhausted:
      return "exhausted";
  }
  return "unknown";
}

/// What went wrong while loading, saving or binding.
struct error {
  errc code{};
  std::string text;   ///< the whole message: `etch: <who>: <what is wrong>`
  std::string where;  ///< the file, parameter or input that is at fault; may be empty

  friend bool operator==(error const&, error const&) = default;
};

#if defined(__cpp_exceptions)
/// Thrown by the twins of the functions that return a `result`.
class exception : public std::runtime_error {
 public:
  explicit exception(etch::error why) : std::runtime_error(why.text), why_(std::move(why)) {}

  [[nodiscard]] errc code() const noexcept { return why_.code; }
  [[nodiscard]] etch::error const& error() const noexcept { return why_; }

 private:
  etch::error why_;
};
#endif

/// Throws `exception`; without exceptions it prints the text and aborts.
[[noreturn]] inline void raise(error why) {
#if defined(__cpp_exceptions)
  throw exception(std::move(why));
#else
  std::fprintf(stderr, "%s\n", why.text.c_str());
  std::abort();
#endif
}

/// A value or the error that kept it from being made.
///   auto file = safetensors::open("a.safetensors");
///   if (!file) return log(file.error().text);
///   use(*file);
/// errors  value(), *, -> on an error and error() on a value print what was asked for and abort;
///         value_or_throw() throws `exception`
template <class T = void>
class [[nodiscard]] result;

namespace detail {

/// U makes the value of a result<T>; a result and an error go their own ways.
template <class U, class T>
concept becomes = std::convertible_to<U, T> && !std::same_as<std::remove_cvref_t<U>, result<T>> &&
                  !std::same_as<std::remove_cvref_t<U>, error>;

[[noreturn]] inline void misused_result(char const* who, char const* text) noexcept {
  std::fprintf(stderr, "etch: result: %s: %s\n", who, text);
  std::abort();
}

}  // namespace detail

template <class T>
class [[nodiscard]] result {
 public:
  using value_type = T;

  template <detail::becomes<T> U = T>
  result(U&& value) : value_(std::forward<U>(value)) {}
  result(etch::error why) : why_(std::move(why)) {}

  [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }
  [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }

  [[nodiscard]] T& value() & { return *checked(*this); }
  [[nodiscard]] T const& value() const& { return *checked(*this); }
  [[nodiscard]] T&& value() && { return std::move(*checked(*this)); }

  [[nodiscard]] T& operator*() & { return *checked(*this); }
  [[nodiscard]] T const& operator*() const& { return *checked(*this); }
  [[nodiscard]] T&& operator*() && { return std::move(*checked(*this)); }
  [[nodiscard]] T* operator->() { return checked(*this); }
  [[nodiscard]] T const* operator->() const { return checked(*this); }

  [[nodiscard]] etch::error const& error() const& {
    if (has_value()) detail::misused_result("error()", "there is a value");
    return why_;
  }
  [[nodiscard]] etch::error error() && {
    if (has_value()) detail::misused_result("error()", "there is a value");
    return std::move(why_);
  }

  [[nodiscard]] T& value_or_throw() & {
    if (!has_value()) raise(error());
    return *checked(*this);
  }
  [[nodiscard]] T const& value_or_throw() const& {
    if (!has_value()) raise(error());
    return *checked(*this);
  }
  [[nodiscard]] T value_or_throw() && {
    if (!has_value()) raise(std::move(*this).error());
    return std::move(*checked(*this));
  }

 private:
  template <class Self>
  static auto checked(Self& self) {
    if (!self.value_) detail::misused_result("value()", self.why_.text.c_str());
    return &*self.value_;
  }

  std::optional<T> value_;
  etch::error why_;  // means something where there is no value
};

/// Success, or the error.
template <>
class [[nodiscard]] result<void> {
 public:
  using value_type = void;

  result() = default;
  result(etch::error why) : why_(std::move(why)) {}

  [[nodiscard]] bool has_value() const noexcept { return !why_; }
  [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }

  void value() const {
    if (why_) detail::misused_result("value()", why_->text.c_str());
  }
  [[nodiscard]] etch::error const& error() const& {
    if (!why_) detail::misused_result("error()", "there is a value");
    return *why_;
  }
  [[nodiscard]] etch::error error() && {
    if (!why_) detail::misused_result("error()", "there is a value");
    return std::move(*why_);
  }
  void value_or_throw() const {
    if (why_) raise(*why_);
  }

 private:
  std::optional<etch::error> why_;
};

}  // namespace etch
