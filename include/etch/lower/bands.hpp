#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include <etch/kernels/share.hpp>
#include <etch/lower/address.hpp>
#include <etch/lower/kernel_for.hpp>
#include <etch/lower/step_at.hpp>

namespace etch::lower {
inline namespace ETCH_ISA {

namespace detail {

/// Rows of the last image of a chain, and those of the band before them, where the same thread has
/// just done them.
struct band_at {
  std::byte* values;
  std::ptrdiff_t matrix;
  std::int64_t row, end;
  std::int64_t before;  ///< first row of the band before; -1: there is none
};

/// What a step computes for a band: the rows that are needed and that the band before has not left.
/// Those move to the front of the step's buffer.
template <class Net, int S, class Arch, int... I>
ETCH_INLINE void run_band_of_step(memory const& m, band_at const& band,
                                  std::integer_sequence<int, I...>) noexcept {
  constexpr plan::step s = step_at<Net, S>;
  constexpr plan::image_rows needed = s.result.needed;
  constexpr std::int64_t rows = s.result.type.shape[1];
  std::int64_t first = needed.begin(band.row, rows);
  std::int64_t const end = needed.end(band.end, rows);
  std::byte* const out = address<s.result>(m, band);
  if (band.before >= 0) {
    std::int64_t const left = needed.end(band.row, rows);
    if constexpr (s.result.place == plan::place::tile) {
      std::int64_t const forward = first - needed.begin(band.before, rows);
      if (forward > 0 && left > first) {
        std::byte* const front = out + static_cast<std::ptrdiff_t>(first * s.result.row_bytes);
        std::memmove(front, front + static_cast<std::ptrdiff_t>(forward * s.result.row_bytes),
                     static_cast<std::size_t>((left - first) * s.result.row_bytes));
      }
    }
    if (left > first) first = left;
  }
  if (first >= end) return;
  void const* const in[]{address<Net::plan.operand(s, I)>(m, band)...};
  kernel_for<s.kernel>::template run<Net, s.same_as, Arch>(
      out, band.values + s.scratch, in,
      kernels::band{static_cast<long>(first), static_cast<long>(end), static_cast<long>(rows)});
}

/// The rows `mine` of the last images of a tiling, all images counted, a band after the other.
template <class Net, int G, class Arch, int... I>
ETCH_INLINE void run_bands_of(memory const& m, std::byte* values, kernels::interval mine,
                              std::integer_sequence<int, I...>) noexcept {
  static constexpr plan::tiling t = Net::plan.tilings[G];
  constexpr auto rows = static_cast<long>(t.rows), height = static_cast<long>(t.tile);
  std::int64_t before = -1;
  for (long i = mine.begin; i < mine.end;) {
    long const row = i % rows, left = rows - row < mine.end - i ? rows - row : mine.end - i;
    long const end = row + (left < height ? left : height);
    band_at const band{values, i / rows, row, end, row > 0 ? before : -1};
    before = row;
    i += end - row;
    (run_band_of_step<Net, t.first + I, Arch>(
         m, band, std::make_integer_sequence<int, step_at<Net, t.first + I>.operands.count>{}),
     ...);
  }
}

}  // namespace detail

}  // namespace ETCH_ISA
}  // namespace etch::lower
