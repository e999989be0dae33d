#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include <etch/core/result.hpp>
#include <etch/lower/memory.hpp>
#include <etch/plan/cache_limit.hpp>

namespace etch {

namespace runtime {

/// Whether a cache of `capacity` rows has room for `rows` more behind `position`; `who` asks.
inline result<void> room_for(std::string_view who, std::int64_t position, std::int64_t rows,
                             std::int64_t capacity) {
  auto const refuse = [&](errc code, std::string const& what) {
    return error{code, "etch: " + std::string(who) + ": " + what, {}};
  };
  if (position < 0 || rows < 0)
    return refuse(errc::invalid_argument, "the position is " + std::to_string(position) +
                                              " and the rows are " + std::to_string(rows) +
                                              ", both have to be 0 or more");
  if (position > capacity || rows > capacity - position)
    return refuse(errc::exhausted, "the cache is full: " + std::to_string(position) + " of " +
                                       std::to_string(capacity) +
                                       " rows are taken, the call brings " + std::to_string(rows));
  return {};
}

/// Whether the calls of a model have caches to look at.
template <class Net>
inline constexpr bool has_caches = !Net::caches.empty();

/// Whether all caches of a model have room for a call, whose inputs and states are in `memory`.
/// `calls`: of so many rows, one after the other.
template <class Net>
result<void> room_in_caches(std::string_view who, lower::memory const& memory,
                            std::int64_t calls = 1) {
  for (plan::cache_limit const& cache : Net::caches) {
    plan::location const& at = cache.position;
    auto const offset = static_cast<std::ptrdiff_t>(at.offset);
    void const* const from =
        at.place == plan::place::input ? memory.inputs[offset] : memory.state + offset;
    std::int64_t position = 0;
    if (at.type.dtype == dtype::i64) {
      std::memcpy(&position, from, sizeof position);
    } else {
      std::int32_t narrow = 0;
      std::memcpy(&narrow, from, sizeof narrow);
      position = narrow;
    }
    auto const room = room_for(who, position, calls * cache.rows, cache.capacity);
    if (!room) return room;
  }
  return {};
}

}  // namespace runtime

/// Whether a cache of `capacity` rows has room for `rows` more behind `position`: what a caller
/// asks before it calls a model with `cached_attention` whose position is neither a state nor an
/// input (a session looks at those itself), or to plan ahead.
///   if (auto room = check_capacity(run.state("position"_t)[0], 1, 1024); !room) return
///   room.error();
/// errors  no room: errc::exhausted; a position or a number of rows below 0
inline result<void> check_capacity(std::int64_t position, std::int64_t rows,
                                   std::int64_t capacity) {
  return runtime::room_for("check_capacity", position, rows, capacity);
}

}  // namespace etch
