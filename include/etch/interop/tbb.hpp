#pragma once

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace etch {

/// The threads of a TBB arena as an executor:
///   tbb_executor threads;
///   session<Model> run{weights, threads};
class tbb_executor {
 public:
  explicit tbb_executor(int threads = tbb::task_arena::automatic) : arena_(threads) {
    arena_.initialize();
  }

  int concurrency() const noexcept { return arena_.max_concurrency(); }

  template <class F>
  void parallel_for(int n, F const& f) noexcept {
    arena_.execute([&] { tbb::parallel_for(0, n, f, tbb::static_partitioner{}); });
  }

 private:
  tbb::task_arena arena_;
};

}  // namespace etch
