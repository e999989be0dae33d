#pragma once

#include "etch/kernels/register_tile.hpp"

// What a tile will need next is asked for while it computes: memory beyond the second cache is far.

namespace etch::kernels {
inline namespace ETCH_ISA {

/// Asks for the line of memory at p: for the second cache, to read it later; for the first one, to
/// read or to write it soon. A hint, valid for any address; nothing where the compiler has none.
ETCH_INLINE void prefetch_far([[maybe_unused]] void const* p) noexcept {
#if defined(__GNUC__)
  __builtin_prefetch(p, 0, 2);
#endif
}
ETCH_INLINE void prefetch_read([[maybe_unused]] void const* p) noexcept {
#if defined(__GNUC__)
  __builtin_prefetch(p, 0);
#endif
}
ETCH_INLINE void prefetch_write([[maybe_unused]] void* p) noexcept {
#if defined(__GNUC__)
  __builtin_prefetch(p, 1);
#endif
}

/// Whether so many elements are more than the second cache keeps beside what else a kernel reads.
template <class T>
constexpr bool is_far(long elements) {
  return elements * static_cast<long>(sizeof(T)) >= 512 * 1024;
}

/// Reads ahead of the tiles that use some panels: with each step, a little of the panels that
/// follow.
struct look_ahead {
  char const* at;
  long step;  // bytes

  ETCH_INLINE void operator()() noexcept {
    prefetch_far(at);
    at += step;
  }
};

/// The same for the rows that follow those of a tile: `Lines` lines of memory with each step.
template <int Lines, class Panels>
struct look_ahead_rows {
  Panels& panels;
  char const* at;
  long step;

  ETCH_INLINE void operator()() noexcept {
    panels();
    ETCH_UNROLL for (int i = 0; i < Lines; ++i) { prefetch_far(at + i * 64); }
    at += step;
  }
};

struct no_look_ahead {
  ETCH_INLINE void operator()() const noexcept {}
};

/// Reads `bytes` from `from` on within so many steps, if that is `Far`.
template <bool Far, class T>
ETCH_INLINE auto look_ahead_of([[maybe_unused]] T const* from, [[maybe_unused]] long bytes,
                               [[maybe_unused]] long steps) noexcept {
  if constexpr (Far)
    return look_ahead{reinterpret_cast<char const*>(from), bytes / steps};
  else
    return no_look_ahead{};
}

/// The same beside `panels`, and for `Bytes` bytes from `from` on with each step, if that is `Far`.
template <bool Far, long Bytes, class T, class Panels>
ETCH_INLINE decltype(auto) look_ahead_beside(Panels& panels,
                                             [[maybe_unused]] T const* from) noexcept {
  if constexpr (Far)
    return look_ahead_rows<(Bytes + 63) / 64, Panels>{panels, reinterpret_cast<char const*>(from),
                                                      Bytes};
  else
    return (panels);
}

/// Tells a sink that cares which rows of P packs it will get when the sums are there: with `Far`
/// their lines are asked for in time.
template <bool Far, class T, int P, class Sink>
ETCH_INLINE void expect_row(Sink const& sink, long row, long col) noexcept {
  if constexpr (Far && requires { sink.expect(row, col); }) {
    ETCH_UNROLL for (int p = 0; p < P; ++p) { sink.expect(row, col + p * simd::lanes_v<T>); }
  }
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
