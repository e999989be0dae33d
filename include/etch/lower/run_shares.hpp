#pragma once

#include <atomic>

#include <etch/kernels/share.hpp>
#include <etch/lower/memory.hpp>

namespace etch::lower {
inline namespace ETCH_ISA {

namespace detail {

/// A step whose shares are handed out: each thread has `turns` of its own, one behind the other,
/// and begins with them, so that it finds in its cache what it left there in the step before. Who
/// is done helps the others.
template <class Work>
struct shared_step {
  Work const* work;
  int parts;
  int turns;
  std::atomic<int> taken[most_parts]{};  ///< of the turns of each thread

  static void run(void* self, int thread) noexcept {
    auto& of = *static_cast<shared_step*>(self);
    for (int i = 0, owner = thread; i < of.parts; ++i) {
      of.take_turns(owner, thread);
      if (++owner == of.parts) owner = 0;
    }
  }

 private:
  ETCH_INLINE void take_turns(int owner, int thread) noexcept {
    std::atomic<int>& next = taken[owner];
    while (next.load(std::memory_order_relaxed) < turns) {
      int const turn = next.fetch_add(1, std::memory_order_relaxed);
      if (turn < turns) (*work)(kernels::share{owner * turns + turn, parts * turns}, thread);
    }
  }
};

/// work(share, thread) for every share of a step, on the threads that the caller lends: `turns`
/// shares for each thread.
template <class Work>
ETCH_INLINE void run_shares(splitter const& split, int turns, Work const& work) noexcept {
  if (split.run == nullptr) {
    work(kernels::share{}, 0);
    return;
  }
  shared_step<Work> whole{&work, split.parts, turns};
  split.run(split.executor, split.parts, &shared_step<Work>::run, &whole);
}

}  // namespace detail

}  // namespace ETCH_ISA
}  // namespace etch::lower
