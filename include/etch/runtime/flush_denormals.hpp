#pragma once

#include <cstdint>

#if defined(__SSE2__) || defined(_M_X64)
#include <xmmintrin.h>
#endif

namespace etch {

/// While it lives, results and operands too small for a normal number are zero on its thread (FTZ,
/// DAZ on x86; FZ on AArch64), so that they cost no extra time. Restores what it found.
/// Every call of a model has one of its own. A thread that makes many short calls has one around
/// them all: the calls then find nothing to change, and do not wait for the change (some 35 cycles a
/// call on x86).
///   flush_denormals const during_the_callback;
class flush_denormals {
 public:
#if defined(__SSE2__) || defined(_M_X64)
  flush_denormals() noexcept : before_(_mm_getcsr()) {
    if ((before_ & flags) != flags) _mm_setcsr(before_ | flags);
  }
  ~flush_denormals() {
    if ((before_ & flags) != flags) _mm_setcsr(before_);
  }

 private:
  static constexpr unsigned flags = 0x8040;
  unsigned before_;
#elif defined(__aarch64__)
  flush_denormals() noexcept {
    asm volatile("mrs %0, fpcr" : "=r"(before_));
    if ((before_ & flag) == 0) asm volatile("msr fpcr, %0" ::"r"(before_ | flag));
  }
  ~flush_denormals() {
    if ((before_ & flag) == 0) asm volatile("msr fpcr, %0" ::"r"(before_));
  }

 private:
  static constexpr std::uint64_t flag = std::uint64_t{1} << 24;
  std::uint64_t before_;
#else
  flush_denormals() noexcept {}
#endif

 public:
  flush_denormals(flush_denormals const&) = delete;
  flush_denormals& operator=(flush_denormals const&) = delete;
};

}  // namespace etch
