#pragma once

#include <cstddef>
#include <utility>

#include <etch/kernels/share.hpp>
#include <etch/lower/elementwise.hpp>
#include <etch/lower/memory.hpp>
#include <etch/lower/movement.hpp>
#include <etch/lower/products.hpp>
#include <etch/lower/rows.hpp>
#include <etch/plan/split_choice.hpp>

namespace etch::lower {
inline namespace ETCH_ISA {

namespace detail {

template <plan::location At>
ETCH_INLINE void const* address(memory const& m) noexcept {
  constexpr auto offset = static_cast<std::ptrdiff_t>(At.offset);
  if constexpr (At.place == plan::place::input)
    return m.inputs[offset];
  else if constexpr (At.place == plan::place::weights)
    return m.weights + offset;
  else
    return m.workspace + offset;
}

/// work(share) for every share of a step, on the threads that the caller lends.
template <class Work>
ETCH_INLINE void run_shares(splitter const& split, Work const& work) noexcept {
  if (split.run == nullptr) {
    work(kernels::share{});
    return;
  }
  struct step {
    Work const* work;
    int parts;
    static void run(void* self, int part) noexcept {
      auto const& of = *static_cast<step const*>(self);
      (*of.work)(kernels::share{part, of.parts});
    }
  } whole{&work, split.parts};
  split.run(split.executor, split.parts, &step::run, &whole);
}

template <class Net, int S, class Arch, int... I>
ETCH_INLINE void run_step(memory const& m, std::integer_sequence<int, I...>) noexcept {
  constexpr plan::step s = step_at<Net, S>;
  constexpr auto result = static_cast<std::ptrdiff_t>(s.result.offset);
  constexpr auto scratch = static_cast<std::ptrdiff_t>(s.scratch);
  void const* const in[]{address<Net::plan.operand(s, I)>(m)...};
  std::byte* const out = m.workspace + result;
  using kernel = kernel_for<s.kernel>;
  if constexpr (s.kernel == ir::op_key("reference"))
    m.run_reference(S, out, in);
  else if constexpr (s.splits)
    run_shares(m.split, [&](kernels::share share) {
      std::byte* const own = share.part == 0
                                 ? m.workspace + scratch
                                 : m.split.scratch + (share.part - 1) * Net::plan.scratch_bytes;
      kernel::template run<Net, s.same_as, Arch>(out, own, in, share);
    });
  else if constexpr (plan::can_split(s.kernel))
    kernel::template run<Net, s.same_as, Arch>(out, m.workspace + scratch, in, kernels::whole{});
  else
    kernel::template run<Net, s.same_as, Arch>(out, m.workspace + scratch, in);
}

template <class Net, class Arch, int First, int... I>
ETCH_INLINE void run_steps(memory const& m, std::integer_sequence<int, I...>) noexcept {
  (run_step<Net, First + I, Arch>(
       m, std::make_integer_sequence<int, step_at<Net, First + I>.operands.count>{}),
   ...);
}

template <class Net, class Arch, int First>
ETCH_INLINE void run_from(memory const& m) noexcept {
  constexpr int count = static_cast<int>(Net::plan.steps.size());
  constexpr int chunk = count - First < 100 ? count - First : 100;  // clang stops folds at 256
  if constexpr (chunk > 0) {
    run_steps<Net, Arch, First>(m, std::make_integer_sequence<int, chunk>{});
    run_from<Net, Arch, First + chunk>(m);
  }
}

}  // namespace detail

/// All steps of a model, in order: calls with constant offsets.
template <class Net, class Arch = simd::default_arch>
void run(memory const& m) noexcept {
  detail::run_from<Net, Arch, 0>(m);
}

}  // namespace ETCH_ISA
}  // namespace etch::lower
