#include "support/allocations.hpp"

#include <atomic>
#include <cerrno>
#include <cstdlib>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace support {
namespace {

std::atomic<std::size_t> taken{0};
std::atomic<std::size_t> live{0};
std::atomic<std::size_t> most_live{0};

#if defined(__GLIBC__)
void took(std::size_t bytes) noexcept {
  taken.fetch_add(1, std::memory_order_relaxed);
  std::size_t const now = live.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  std::size_t most = most_live.load(std::memory_order_relaxed);
  while (most < now && !most_live.compare_exchange_weak(most, now, std::memory_order_relaxed)) {
  }
}

void gave_back(std::size_t bytes) noexcept { live.fetch_sub(bytes, std::memory_order_relaxed); }
#endif

}  // namespace

allocations allocations::now() noexcept { return {taken, live, most_live}; }
void allocations::reset_peak() noexcept { most_live = live.load(); }

}  // namespace support

#if defined(__GLIBC__)

// glibc keeps its own functions under these names.
extern "C" {
void* __libc_malloc(std::size_t) noexcept;
void* __libc_calloc(std::size_t, std::size_t) noexcept;
void* __libc_realloc(void*, std::size_t) noexcept;
void* __libc_memalign(std::size_t, std::size_t) noexcept;
void __libc_free(void*) noexcept;
}

namespace {

void* counted(void* block) noexcept {
  if (block != nullptr) support::took(malloc_usable_size(block));
  return block;
}

}  // namespace

extern "C" {

void* malloc(std::size_t bytes) noexcept { return counted(__libc_malloc(bytes)); }
void* calloc(std::size_t n, std::size_t bytes) noexcept { return counted(__libc_calloc(n, bytes)); }
void* memalign(std::size_t to, std::size_t bytes) noexcept {
  return counted(__libc_memalign(to, bytes));
}
void* aligned_alloc(std::size_t to, std::size_t bytes) noexcept { return memalign(to, bytes); }

int posix_memalign(void** block, std::size_t to, std::size_t bytes) noexcept {
  if (to % sizeof(void*) != 0 || (to & (to - 1)) != 0 || to == 0) return EINVAL;
  void* const taken = memalign(to, bytes);
  if (taken == nullptr) return ENOMEM;
  *block = taken;
  return 0;
}

void* realloc(void* block, std::size_t bytes) noexcept {
  std::size_t const before = block == nullptr ? 0 : malloc_usable_size(block);
  void* const moved = __libc_realloc(block, bytes);
  if (moved != nullptr || bytes == 0) support::gave_back(before);
  return counted(moved);
}

void free(void* block) noexcept {
  if (block == nullptr) return;
  support::gave_back(malloc_usable_size(block));
  __libc_free(block);
}

}  // extern "C"

#endif
