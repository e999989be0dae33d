#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include <etch/lower/address.hpp>
#include <etch/lower/step_at.hpp>

namespace etch::lower {
inline namespace ETCH_ISA {

namespace detail {

/// The steps [First, Last) that are `Depth` loops and branches deep; in lower/run.hpp.
template <class Net, class Arch, int Depth, int First, int Last>
ETCH_INLINE void run_range(memory const& m) noexcept;

template <class Net, int First, std::size_t... I>
ETCH_INLINE void run_region_moves([[maybe_unused]] memory const& m,
                                  std::index_sequence<I...>) noexcept {
  (std::memcpy(address<Net::plan.region_moves[First + I].to>(m, 0),
               address<Net::plan.region_moves[First + I].from>(m, 0),
               static_cast<std::size_t>(Net::plan.region_moves[First + I].to.type.bytes())),
   ...);
}

template <class Net, ir::range Moves>
ETCH_INLINE void run_region_moves(memory const& m) noexcept {
  run_region_moves<Net, Moves.first>(
      m, std::make_index_sequence<static_cast<std::size_t>(Moves.count)>{});
}

template <class Net, int C>
inline constexpr plan::control control_at = Net::plan.controls[static_cast<std::size_t>(C)];

/// Region `I` of a control, once, and what it moves.
template <class Net, int C, class Arch, int I>
ETCH_INLINE void run_region(memory const& m) noexcept {
  constexpr plan::control c = control_at<Net, C>;
  constexpr int first = I == 0 ? c.first : c.first + c.counts[0];
  constexpr int depth = step_at<Net, c.first - 1>.depth + 1;
  run_range<Net, Arch, depth, first, first + c.counts[I]>(m);
  run_region_moves<Net, c.moves[I]>(m);
}

template <plan::location At>
ETCH_INLINE bool read_bool(memory const& m) noexcept {
  return *address<At>(m, 0) != std::byte{0};
}
template <plan::location At, class T>
ETCH_INLINE void write_scalar(memory const& m, T value) noexcept {
  *reinterpret_cast<T*>(address<At>(m, 0)) = value;
}

/// How often the region of a scan runs in this call.
template <class Net, int C>
ETCH_INLINE std::int64_t turns_of(memory const& m) noexcept {
  constexpr plan::control c = control_at<Net, C>;
  if constexpr (c.turns_in_use < 0) {
    return c.length;
  } else {
    constexpr std::int64_t most =
        Net::plan.lengths[static_cast<std::size_t>(c.turns_in_use)].most();
    return c.length * m.lengths[c.turns_in_use] / most;
  }
}

/// The rows of turn `turn` of `turns`, of all sequences.
template <class Net, int C, std::size_t... I>
ETCH_INLINE void point_at_rows([[maybe_unused]] memory const& m, [[maybe_unused]] std::int64_t turn,
                               [[maybe_unused]] std::int64_t turns,
                               std::index_sequence<I...>) noexcept {
  constexpr plan::control c = control_at<Net, C>;
  constexpr auto first = static_cast<std::size_t>(c.walks.first);
  [[maybe_unused]] auto const row =
      static_cast<std::ptrdiff_t>(c.reverse ? turns - 1 - turn : turn);
  ((row_at<Net::plan.walks[first + I].pointer>(m) =
        address<Net::plan.walks[first + I].sequence>(m, 0) +
        row * static_cast<std::ptrdiff_t>(Net::plan.walks[first + I].row_bytes)),
   ...);
}

/// The steps under control C, as often as it says.
template <class Net, int C, class Arch>
void run_control(memory const& m) noexcept {
  constexpr plan::control c = control_at<Net, C>;
  run_region_moves<Net, c.before>(m);
  if constexpr (c.what == plan::control::kind::cond) {
    if (read_bool<c.decides>(m))
      run_region<Net, C, Arch, 0>(m);
    else
      run_region<Net, C, Arch, 1>(m);
  } else if constexpr (c.what == plan::control::kind::scan) {
    std::int64_t const turns = turns_of<Net, C>(m);
    for (std::int64_t turn = 0; turn < turns; ++turn) {
      point_at_rows<Net, C>(m, turn, turns,
                            std::make_index_sequence<static_cast<std::size_t>(c.walks.count)>{});
      if constexpr (c.counts_turns) write_scalar<c.turns>(m, static_cast<std::int32_t>(turn));
      run_region<Net, C, Arch, 0>(m);
    }
  } else {
    std::int64_t turns = 0;
    bool on = true;
    for (;; ++turns) {
      run_region<Net, C, Arch, 0>(m);
      on = read_bool<c.decides>(m);
      if (!on || turns == c.length) break;
      run_region<Net, C, Arch, 1>(m);
    }
    write_scalar<c.turns>(m, static_cast<std::int32_t>(turns));
    write_scalar<c.finished>(m, !on);
  }
}

}  // namespace detail

}  // namespace ETCH_ISA
}  // namespace etch::lower
