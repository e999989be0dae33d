#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

namespace support {

/// Prints a 28 x 28 image, two rows a line, and beside it a bar for each of ten probabilities.
inline void print_digit(std::span<float const, 784> image,
                        std::span<float const, 10> probabilities) {
  constexpr std::string_view ink = " .:-=+*#%@";
  for (std::size_t line = 0; line < 14; ++line) {
    std::string text = "  ";
    for (std::size_t column = 0; column < 28; ++column) {
      float const mean = (image[56 * line + column] + image[56 * line + 28 + column]) / 2;
      float const dark = std::clamp((mean - 0.2f) / 0.7f, 0.0f, 1.0f);  // the paper has a grain
      text += ink[static_cast<std::size_t>(dark * 9.0f + 0.5f)];
    }
    if (line >= 2 && line < 12) {
      std::size_t const digit = line - 2;
      float const p = probabilities[digit];
      char number[16];
      std::snprintf(number, sizeof number, "%5.1f %%  ", 100.0 * static_cast<double>(p));
      text += "   " + std::to_string(digit) + number;
      text += std::string(static_cast<std::size_t>(p * 40.0f + 0.5f), '#');
    }
    std::printf("%s\n", text.c_str());
  }
}

/// The most probable digit.
inline std::ptrdiff_t best_of(std::span<float const, 10> probabilities) {
  return std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin();
}

}  // namespace support
