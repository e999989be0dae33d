#pragma once

#include <cstdint>

#include <etch/core/isa.hpp>

namespace etch::plan {

/// Which rows of an image the steps of a chain need for the rows [first, last) of its last image:
/// [first * each - before, (last - 1) * each + 1 + behind), as far as they exist.
struct image_rows {
  std::int64_t each = 0;  ///< the product of the strides between; 0: not in a chain of images
  std::int64_t before = 0, behind = 0;
  constexpr bool operator==(image_rows const&) const = default;

  ETCH_INLINE constexpr std::int64_t begin(std::int64_t first, std::int64_t rows) const {
    return within(first * each - before, rows);
  }
  ETCH_INLINE constexpr std::int64_t end(std::int64_t last, std::int64_t rows) const {
    return within((last - 1) * each + 1 + behind, rows);
  }
  /// The most rows that are needed at once, for so many rows of the last image.
  constexpr std::int64_t most(std::int64_t height, std::int64_t rows) const {
    return within((height - 1) * each + 1 + behind + before, rows);
  }

  /// The same of the input of a window whose result is needed so; `reach`: from its first row to
  /// its last one.
  constexpr image_rows under(std::int64_t stride, std::int64_t pad, std::int64_t reach) const {
    return {each * stride, before * stride + pad, behind * stride - pad + reach};
  }

 private:
  static ETCH_INLINE constexpr std::int64_t within(std::int64_t row, std::int64_t rows) {
    return row < 0 ? 0 : row < rows ? row : rows;
  }
};

}  // namespace etch::plan
