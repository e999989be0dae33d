#pragma once

#include <memory>

#include <etch/interop/waiting_threads.hpp>
#include <etch/runtime/executor.hpp>

namespace bench {

/// The threads of one call, if there are more than one.
class threads {
 public:
  explicit threads(int count) {
    if (count > 1) own_ = std::make_unique<etch::waiting_threads>(count);
  }
  etch::executor_ref ref() const noexcept {
    return own_ ? etch::executor_ref(*own_) : etch::executor_ref();
  }

 private:
  std::unique_ptr<etch::waiting_threads> own_;
};

}  // namespace bench
