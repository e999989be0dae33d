#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include <etch/kernels/share.hpp>
#include <etch/lower/bands.hpp>
#include <etch/lower/bounded.hpp>
#include <etch/lower/control.hpp>
#include <etch/lower/elementwise.hpp>
#include <etch/lower/memory.hpp>
#include <etch/lower/movement.hpp>
#include <etch/lower/products.hpp>
#include <etch/lower/rows.hpp>
#include <etch/lower/run_shares.hpp>
#include <etch/lower/sequences.hpp>
#include <etch/plan/split_choice.hpp>

namespace etch::lower {
inline namespace ETCH_ISA {

namespace detail {

/// The memory that a thread has for itself in a step; that of the first is in the workspace.
template <class Net>
ETCH_INLINE std::byte* own_memory(memory const& m, std::int64_t offset, int thread) noexcept {
  if (thread == 0) return m.workspace + offset;
  return m.split.scratch + (thread - 1) * Net::plan.scratch_bytes;
}

/// Whether a call decides how much of a step's values it uses.
template <class Net, int S>
inline constexpr bool is_bounded = [] {
  constexpr plan::step s = step_at<Net, S>;
  bool bounded = s.result.length >= 0;
  for (int i = 0; i < s.operands.count; ++i)
    bounded = bounded || Net::plan.operand(s, i).length >= 0;
  return bounded;
}();

/// A step on as many rows as the call has, on several threads where that many are worth it.
template <class Net, int S, class Arch, int... I>
ETCH_INLINE void run_leading(memory const& m, std::byte* out, void const* const* in,
                             std::integer_sequence<int, I...> operands) noexcept {
  constexpr plan::step s = step_at<Net, S>;
  using kernel = leading_kernel_for<s.kernel>;
  if constexpr (splits_in_call<Net, S>) {
    auto const [flops, bytes] = work_of<Net, S>(m.lengths, operands);
    bool const alone = !plan::worth_splitting(flops, bytes);
    run_shares(alone ? splitter{} : m.split, plan::turns_of(flops),
               [&](kernels::share share, int thread) {
                 kernel::template run<Net, s.same_as, Arch>(
                     out, own_memory<Net>(m, s.scratch, thread), in, m.lengths, share);
               });
  } else {
    kernel::template run<Net, s.same_as, Arch>(out, m.workspace + s.scratch, in, m.lengths);
  }
}

template <class Net, int S, class Arch, int... I>
ETCH_INLINE void run_step(memory const& m, std::integer_sequence<int, I...> operands) noexcept {
  constexpr plan::step s = step_at<Net, S>;
  void const* const in[]{address<Net::plan.operand(s, I)>(m, 0)...};
  std::byte* const out = address<s.result>(m, 0);
  using kernel = kernel_for<s.kernel>;
  if constexpr (is_bounded<Net, S>)
    run_leading<Net, S, Arch>(m, out, in, operands);
  else if constexpr (s.kernel == ir::op_key("reference"))
    m.run_reference(S, out, in);
  else if constexpr (s.splits)
    run_shares(m.split, plan::turns_of(s.flops), [&](kernels::share share, int thread) {
      std::byte* const scratch = own_memory<Net>(m, s.scratch, thread);
      kernel::template run<Net, s.same_as, Arch>(out, scratch, in, share);
    });
  else if constexpr (plan::can_split(s.kernel))
    kernel::template run<Net, s.same_as, Arch>(out, m.workspace + s.scratch, in, kernels::whole{});
  else
    kernel::template run<Net, s.same_as, Arch>(out, m.workspace + s.scratch, in);
}

template <class Net, int S, class Arch, class Rows, int... I>
ETCH_INLINE void run_tile_of_step(memory const& m, tile_at const& tile, Rows rows,
                                  std::integer_sequence<int, I...>) noexcept {
  constexpr plan::step s = step_at<Net, S>;
  void const* const in[]{address<Net::plan.operand(s, I)>(m, tile)...};
  kernel_for<s.kernel>::template run<Net, s.same_as, Arch>(address<s.result>(m, tile),
                                                           tile.values + s.scratch, in, rows);
}

/// All steps of a tiling, a tile at a time. Rows behind the last whole tile are done with rows
/// before them once more (a row is the same in any tile), by the thread that did these.
template <class Net, int G, class Arch, int... I>
ETCH_INLINE void run_tiles(memory const& m, std::integer_sequence<int, I...>) noexcept {
  static constexpr plan::tiling t = Net::plan.tilings[G];
  auto const tiles = [&](kernels::share share, int thread) {
    constexpr auto rows = static_cast<long>(t.rows), height = static_cast<long>(t.tile);
    constexpr long whole = rows / height;  // of a matrix; the last brings the rest with it
    kernels::interval const mine = share.of(static_cast<long>(t.matrices) * whole);
    std::byte* const values = own_memory<Net>(m, t.offset, thread);
    for (long i = mine.begin; i < mine.end; ++i) {
      long const begin = i % whole * height;
      long const end = i % whole == whole - 1 ? rows : begin + height;
      for (long row = begin; row < end; row += height) {
        tile_at const tile{values, i / whole, row < rows - height ? row : rows - height};
        (run_tile_of_step<Net, t.first + I, Arch>(
             m, tile, kernels::whole{},
             std::make_integer_sequence<int, step_at<Net, t.first + I>.operands.count>{}),
         ...);
      }
    }
  };
  if constexpr (t.splits)
    run_shares(m.split, plan::turns_of(t.flops), tiles);
  else
    tiles(kernels::share{}, 0);
}

/// The same on as many rows as the call has; the last tile is lower.
template <class Net, int G, class Arch, int... I>
ETCH_INLINE void run_leading_tiles(memory const& m, std::integer_sequence<int, I...>) noexcept {
  static constexpr plan::tiling t = Net::plan.tilings[G];
  static constexpr auto height = static_cast<long>(t.tile);
  kernels::leading const in_use = leading_of<Net, t.length>(m.lengths);
  long const rows = in_use.count(static_cast<long>(t.rows));
  auto const tiles = [&](kernels::share share, int thread) {
    kernels::interval const mine = share.of((rows + height - 1) / height);
    std::byte* const values = own_memory<Net>(m, t.offset, thread);
    for (long row = mine.begin * height; row < rows && row < mine.end * height; row += height) {
      kernels::leading const here{rows - row < height ? rows - row : height, height};
      (run_tile_of_step<Net, t.first + I, Arch>(
           m, tile_at{values, 0, row}, here,
           std::make_integer_sequence<int, step_at<Net, t.first + I>.operands.count>{}),
       ...);
    }
  };
  if constexpr (t.splits) {
    std::int64_t const flops = in_use.count(static_cast<long>(t.flops));
    run_shares(plan::worth_splitting(flops) && rows > height ? m.split : splitter{},
               plan::turns_of(flops), tiles);
  } else {
    tiles(kernels::share{}, 0);
  }
}

/// The same on bands of image rows. Each thread has a single share: it begins with rows that
/// another one computes too.
template <class Net, int G, class Arch>
ETCH_INLINE void run_bands(memory const& m) noexcept {
  static constexpr plan::tiling t = Net::plan.tilings[G];
  auto const bands = [&](kernels::share share, int thread) {
    run_bands_of<Net, G, Arch>(m, own_memory<Net>(m, t.offset, thread),
                               share.of(static_cast<long>(t.matrices * t.rows)),
                               std::make_integer_sequence<int, t.count>{});
  };
  if constexpr (t.splits)
    run_shares(m.split, 1, bands);
  else
    bands(kernels::share{}, 0);
}

/// The tiling that step S belongs to, or -1.
template <class Net, int S>
inline constexpr int tiling_of = [] {
  for (std::size_t i = 0; i < Net::plan.tilings.size(); ++i) {
    if (Net::plan.tilings[i].holds(S)) return static_cast<int>(i);
  }
  return -1;
}();

/// Step S, if it is `Depth` loops and branches deep; for the first of a tiling all of its steps,
/// for the others nothing.
template <class Net, int S, class Arch, int Depth>
ETCH_INLINE void run_unit(memory const& m) noexcept {
  constexpr int tiling = tiling_of<Net, S>;
  if constexpr (step_at<Net, S>.depth != Depth) {
    return;  // its control runs it
  } else if constexpr (step_at<Net, S>.control >= 0) {
    run_control<Net, step_at<Net, S>.control, Arch>(m);
  } else if constexpr (tiling < 0) {
    run_step<Net, S, Arch>(m, std::make_integer_sequence<int, step_at<Net, S>.operands.count>{});
  } else {
    constexpr plan::tiling t = Net::plan.tilings[static_cast<std::size_t>(tiling)];
    if constexpr (t.first == S && t.images)
      run_bands<Net, tiling, Arch>(m);
    else if constexpr (t.first == S && t.length < 0)
      run_tiles<Net, tiling, Arch>(m, std::make_integer_sequence<int, t.count>{});
    else if constexpr (t.first == S)
      run_leading_tiles<Net, tiling, Arch>(m, std::make_integer_sequence<int, t.count>{});
  }
}

template <class Net, class Arch, int Depth, int First, int... I>
ETCH_INLINE void run_steps(memory const& m, std::integer_sequence<int, I...>) noexcept {
  (run_unit<Net, First + I, Arch, Depth>(m), ...);
}

template <class Net, class Arch, int Depth, int First, int Last>
ETCH_INLINE void run_range(memory const& m) noexcept {
  constexpr int chunk = Last - First < 100 ? Last - First : 100;  // clang stops folds at 256
  if constexpr (chunk > 0) {
    run_steps<Net, Arch, Depth, First>(m, std::make_integer_sequence<int, chunk>{});
    run_range<Net, Arch, Depth, First + chunk, Last>(m);
  }
}

template <class Net, std::size_t... I>
ETCH_INLINE void run_moves([[maybe_unused]] memory const& m, std::index_sequence<I...>) noexcept {
  (std::memcpy(address<Net::plan.moves[I].to>(m, 0), address<Net::plan.moves[I].from>(m, 0),
               static_cast<std::size_t>(Net::plan.moves[I].to.type.bytes())),
   ...);
}

/// The next call finds the rings where this one leaves off.
template <class Net>
ETCH_INLINE void advance_rings([[maybe_unused]] memory const& m) noexcept {
  constexpr std::size_t count = Net::plan.rings.size();
  if constexpr (count > 0) {
    static constexpr auto ends = [] {
      std::array<std::array<std::int64_t, count>, 2> of{};
      for (std::size_t i = 0; i < count; ++i) {
        of[0][i] = Net::plan.rings[i].added;
        of[1][i] = Net::plan.rings[i].bytes;
      }
      return of;
    }();
    std::int64_t cursors[count];
    std::memcpy(cursors, m.state, sizeof cursors);
    for (std::size_t i = 0; i < count; ++i) {
      std::int64_t const next = cursors[i] + ends[0][i];
      cursors[i] = next < ends[1][i] ? next : next - ends[1][i];
    }
    std::memcpy(m.state, cursors, sizeof cursors);
  }
}

}  // namespace detail

/// All steps of a model, in order: calls with constant offsets. Then what it keeps is put in place.
/// One body, so that later calls find in the caches what the first one brought there.
template <class Net, class Arch = simd::default_arch>
ETCH_NO_INLINE void run(memory const& m) noexcept {
  detail::run_range<Net, Arch, 0, 0, static_cast<int>(Net::plan.steps.size())>(m);
  detail::run_moves<Net>(m, std::make_index_sequence<Net::plan.moves.size()>{});
  detail::advance_rings<Net>(m);
}

}  // namespace ETCH_ISA
}  // namespace etch::lower
