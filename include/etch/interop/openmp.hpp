#pragma once

#include <omp.h>

namespace etch {

/// The threads of OpenMP (compile with -fopenmp) as an executor:
///   openmp_executor threads;
///   session<Model> run{weights, threads};
struct openmp_executor {
  int threads = omp_get_max_threads();

  int concurrency() const noexcept { return threads; }

  template <class F>
  void parallel_for(int n, F const& f) const noexcept {
#pragma omp parallel for num_threads(threads) schedule(static, 1)
    for (int i = 0; i < n; ++i) f(i);
  }
};

}  // namespace etch
