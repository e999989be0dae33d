#pragma once

#include <cstdint>

#include <etch/ir/extent.hpp>

namespace etch::plan {

/// Rows of which a call has a whole number, and at least so many.
struct row_limit {
  extent rows;
  std::int64_t least = 1;
  constexpr bool operator==(row_limit const&) const = default;
};

}  // namespace etch::plan
