#pragma once

#include <etch/runtime/executor.hpp>

#if defined(_OPENMP)
#include <etch/interop/openmp.hpp>
#endif

namespace bench {

/// The threads of one call: those of OpenMP, if there are more than one.
class threads {
 public:
  explicit threads([[maybe_unused]] int count) {
#if defined(_OPENMP)
    executor_.threads = count;
    if (count > 1) ref_ = executor_;
#endif
  }
  etch::executor_ref ref() const noexcept { return ref_; }

 private:
#if defined(_OPENMP)
  etch::openmp_executor executor_;
#endif
  etch::executor_ref ref_;
};

}  // namespace bench
