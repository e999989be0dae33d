#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <etch/runtime/safetensors.hpp>

#include "nets/text.hpp"

namespace text {

/// Which number a letter has: its place in the metadata of the weights.
class vocabulary {
 public:
  /// errors  the file says nothing of its vocabulary, or it has another size than the net's
  static etch::result<vocabulary> from(etch::safetensors const& file) {
    auto const found = file.metadata().find("vocabulary");
    std::size_t const size = found == file.metadata().end() ? 0 : found->second.size();
    if (size != nets::text::letters)
      return etch::error{etch::errc::mismatch,
                         "etch: text: '" + file.name() + "' has a vocabulary of " +
                             std::to_string(size) + " letters, the net's has " +
                             std::to_string(nets::text::letters),
                         file.name()};
    return vocabulary(found->second);
  }

  char letter(std::int32_t number) const { return letters_[static_cast<std::size_t>(number)]; }

  /// errors  a letter that the vocabulary does not have
  etch::result<std::vector<std::int32_t>> numbers(std::string_view of) const {
    std::vector<std::int32_t> found;
    for (std::size_t i = 0; i < of.size(); ++i) {
      std::size_t const at = letters_.find(of[i]);
      if (at == std::string::npos)
        return etch::error{
            etch::errc::invalid_argument,
            "etch: text: letter " + std::to_string(i) + " of the prompt is the byte " +
                std::to_string(static_cast<unsigned char>(of[i])) +
                ", which is not in the vocabulary: that is printable ASCII and the end of a line",
            "prompt"};
      found.push_back(static_cast<std::int32_t>(at));
    }
    return found;
  }

 private:
  explicit vocabulary(std::string letters) : letters_(std::move(letters)) {}

  std::string letters_;
};

}  // namespace text
