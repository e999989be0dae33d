#pragma once

#include <cstdint>

#include <etch/ir/extent.hpp>

namespace etch::plan {

/// Rows of which a call has at least so many.
struct row_limit {
  extent rows;
  std::int64_t least = 1;
};

}  // namespace etch::plan
