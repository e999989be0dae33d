#pragma once

#include <cstdint>
#include <string>

#include <etch/core/result.hpp>

namespace etch {

/// Whether a cache of `capacity` rows has room for `rows` more behind `position`: what a caller
/// asks before it runs a model with `cached_attention`, whose rows beyond the capacity are NaN.
///   if (auto room = check_capacity(run.state("position"_t)[0], 1, 1024); !room) return
///   room.error();
/// errors  no room: errc::exhausted; a position or a number of rows below 0
inline result<void> check_capacity(std::int64_t position, std::int64_t rows,
                                   std::int64_t capacity) {
  if (position < 0 || rows < 0)
    return error{errc::invalid_argument,
                 "etch: check_capacity: the position is " + std::to_string(position) +
                     " and the rows are " + std::to_string(rows) + ", both have to be 0 or more",
                 {}};
  if (position > capacity || rows > capacity - position)
    return error{errc::exhausted,
                 "etch: check_capacity: the cache is full: " + std::to_string(position) + " of " +
                     std::to_string(capacity) + " rows are taken, the call brings " +
                     std::to_string(rows),
                 {}};
  return {};
}

}  // namespace etch
