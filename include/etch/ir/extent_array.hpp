#pragma once

#include <array>

#include <etch/ir/extent.hpp>
#include <etch/ir/tensor_type.hpp>

namespace etch::ir {

/// The extents of a value, fixed and bounded ones.
using extent_array = std::array<extent, max_rank>;

}  // namespace etch::ir
