#pragma once

#include <algorithm>
#include <concepts>
#include <memory>
#include <type_traits>

#include <etch/lower/memory.hpp>
#include <etch/runtime/flush_denormals.hpp>

namespace etch {

/// Threads of the caller, for the large steps of a model:
///   concurrency()      how many of them can work at once
///   parallel_for(n, f) calls f(i) once for each int i in [0, n), on any threads, and returns
///                      when all calls have returned; it does not throw
/// A thread pool, OpenMP (interop/openmp.hpp), TBB (interop/tbb.hpp), a game's job system.
template <class E>
concept executor = requires(E& e, void (*f)(int)) {
  { e.concurrency() } -> std::convertible_to<int>;
  e.parallel_for(2, f);
};

/// Refers to an executor, which must outlive it, or to none.
class executor_ref {
 public:
  executor_ref() = default;

  template <executor E>
  requires(!std::same_as<E, executor_ref>) executor_ref(E& of)
      : split_{const_cast<std::remove_const_t<E>*>(std::addressof(of)),
               std::clamp(static_cast<int>(of.concurrency()), 1, lower::most_parts), nullptr,
               &run<E>} {
    if (split_.parts == 1) split_ = {};
  }

  lower::splitter const& splitter() const noexcept { return split_; }

 private:
  template <class E>
  static void run(void* to, int parts, lower::part_of_step work, void* step) noexcept {
    static_cast<E*>(to)->parallel_for(parts, [=](int part) {
      flush_denormals const guard;
      work(step, part);
    });
  }

  lower::splitter split_{};
};

}  // namespace etch
