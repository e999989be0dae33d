#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "text/text_model.hpp"

namespace text {

/// A text that the net reads and that grows letter by letter.
class writer {
 public:
  static constexpr std::size_t window = nets::text::window;
  using logits_type = std::span<float const, nets::text::letters>;

  /// errors  see etch::weights
  explicit writer(etch::safetensors const& file)
      : writer(etch::weights<BlockNet>::from(file).value_or_throw(),
               etch::weights<LetterNet>::from(file).value_or_throw()) {}

  /// Begins with a text of 1 to `window` letters, in blocks. A block that is not full ends with
  /// letters that do not count: nothing before them sees them, and the ones to come overwrite them.
  void read(std::span<std::int32_t const> text) noexcept {
    count_ = std::min(text.size(), window);
    std::copy_n(text.begin(), count_, seen_.begin());
    read_again();
  }

  /// Goes on with a letter; the caches have room for it. True if that took one step; once the
  /// window is full, its second half is read anew as the first one.
  bool append(std::int32_t letter) noexcept {
    bool const full = count_ == window;
    if (full) {
      count_ = window / 2;
      std::copy_n(seen_.end() - window / 2, count_, seen_.begin());
    }
    seen_[count_++] = letter;
    if (full)
      read_again();
    else
      keep(letter_(std::array{letter}).value(), 0);
    return !full;
  }

  /// What may follow.
  logits_type logits() const noexcept { return logits_; }
  std::size_t size() const noexcept { return count_; }
  etch::isa set() const noexcept { return set_; }

 private:
  writer(etch::weights<BlockNet> const& block, etch::weights<LetterNet> const& letter)
      : block_(block), letter_(letter), set_(letter.set()) {}

  static constexpr std::size_t rows = letters_of_block;

  void read_again() noexcept {
    block_.reset();
    for (std::size_t at = 0; at < count_; at += rows) {
      std::array<std::int32_t, rows> part{};
      std::size_t const length = std::min(rows, count_ - at);
      std::copy_n(seen_.begin() + static_cast<std::ptrdiff_t>(at), length, part.begin());
      keep(block_(part).value(), length - 1);
    }
    using namespace etch::literals;
    block_.state("position"_t)[0] = static_cast<std::int32_t>(count_);
    letter_.restore(block_.state()).value();  // of one size, see text_model.hpp
  }

  template <class View>
  void keep(View const& all, std::size_t row) noexcept {
    std::copy_n(all.data() + row * logits_.size(), logits_.size(), logits_.begin());
  }

  etch::session<BlockNet> block_;
  etch::session<LetterNet> letter_;
  etch::isa set_;
  std::array<std::int32_t, window> seen_{};
  std::size_t count_ = 0;
  std::array<float, nets::text::letters> logits_{};
};

}  // namespace text
