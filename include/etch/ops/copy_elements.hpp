#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <etch/ir/op_info.hpp>
#include <etch/ops/strided_walk.hpp>

namespace etch::ops {

/// Copies one element of any dtype.
inline void copy_element(ir::tensor_ref const& from, std::int64_t at, ir::tensor_ref const& to,
                         std::int64_t to_at) {
  std::size_t const bytes = ir::size_of(to.type.dtype);
  std::memcpy(to.as<unsigned char>() + static_cast<std::size_t>(to_at) * bytes,
              from.as<unsigned char const>() + static_cast<std::size_t>(at) * bytes, bytes);
}

/// to[0], to[1], ... = what the walk meets in `from`.
inline void gather_elements(ir::tensor_ref const& from, strided_walk walk,
                            ir::tensor_ref const& to) {
  std::int64_t const n = walk.size();
  for (std::int64_t i = 0; i < n; ++i, walk.next()) copy_element(from, walk.offset(), to, i);
}

/// Where the walk leads in `to` = from[0], from[1], ...
inline void scatter_elements(ir::tensor_ref const& from, strided_walk walk,
                             ir::tensor_ref const& to) {
  std::int64_t const n = walk.size();
  for (std::int64_t i = 0; i < n; ++i, walk.next()) copy_element(from, i, to, walk.offset());
}

}  // namespace etch::ops
