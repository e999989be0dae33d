#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace etch {

/// Threads of its own as an executor, which wait awake for the next step: a step is split within
/// a microsecond, at the price of cores that are busy during a call and some time after it.
///   waiting_threads threads{2};
///   session<Model> run{weights, threads};
/// When nothing came for `patience` turns of waiting (some 100 to 200 us) they sleep; the step that
/// wakes them makes a system call. A parallel_for within another, or beside one, is done by its
/// caller.
class waiting_threads {
 public:
  /// `concurrency` threads with the calling one.
  /// errors  std::system_error where the system has no thread to give
  explicit waiting_threads(int concurrency = static_cast<int>(std::thread::hardware_concurrency()),
                           int patience = 5000)
      : patience_(patience) {
    try {
      for (int i = 1; i < concurrency; ++i) threads_.emplace_back([this] { wait_for_steps(); });
    } catch (...) {
      end();
      throw;
    }
  }
  ~waiting_threads() { end(); }
  waiting_threads(waiting_threads const&) = delete;
  waiting_threads& operator=(waiting_threads const&) = delete;

  int concurrency() const noexcept { return static_cast<int>(threads_.size()) + 1; }

  /// f(i) for each i in [0, n); f does not throw.
  template <class F>
  void parallel_for(int n, F const& f) noexcept {
    if (n <= 1 || threads_.empty() || in_use_.exchange(true, std::memory_order_acquire)) {
      for (int i = 0; i < n; ++i) f(i);
      return;
    }
    for (int first = 0; first < n; first += most) share(first, std::min(n - first, most), f);
    in_use_.store(false, std::memory_order_release);
  }

 private:
  /// What is to be done, in one word, so that whoever takes an index knows whose it is: the number
  /// of the step, how many indices it has, the next one that nobody took.
  using word = std::uint64_t;
  static constexpr int most = 0xffff;
  static constexpr word last = ~word{0};  ///< has no index left either
  static constexpr int count_of(word w) noexcept { return static_cast<int>(w >> 16 & 0xffff); }
  static constexpr int next_of(word w) noexcept { return static_cast<int>(w & 0xffff); }

  void end() noexcept {
    open_.store(last, std::memory_order_seq_cst);
    open_.notify_all();
    for (std::thread& each : threads_) each.join();
  }

  template <class F>
  void share(int first, int n, F const& f) noexcept {
    // nobody reads these: every index of the step before is done, and none can be taken now
    function_ = [](void const* of, int i) { (*static_cast<F const*>(of))(i); };
    of_ = &f;
    first_ = first;
    left_.store(n, std::memory_order_relaxed);
    step_ = (step_ + 1) % 0x7fffffff;
    open_.store(word{step_} << 32 | static_cast<word>(n) << 16, std::memory_order_seq_cst);
    if (asleep_.load(std::memory_order_seq_cst) > 0) open_.notify_all();
    while (do_one()) {
    }
    while (left_.load(std::memory_order_acquire) > 0) relax();
  }

  /// Whether there was an index to take.
  bool do_one() noexcept {
    word seen = open_.load(std::memory_order_acquire);
    do {
      if (next_of(seen) >= count_of(seen)) return false;
    } while (!open_.compare_exchange_weak(seen, seen + 1, std::memory_order_acq_rel));
    function_(of_, first_ + next_of(seen));
    left_.fetch_sub(1, std::memory_order_release);
    return true;
  }

  void wait_for_steps() noexcept {
    int waited = 0;
    for (;;) {
      if (do_one()) {
        waited = 0;
        continue;
      }
      word const seen = open_.load(std::memory_order_acquire);
      if (seen == last) return;
      if (++waited < patience_) {
        relax();
        continue;
      }
      asleep_.fetch_add(1, std::memory_order_seq_cst);
      if (next_of(seen) >= count_of(seen)) open_.wait(seen, std::memory_order_seq_cst);
      asleep_.fetch_sub(1, std::memory_order_relaxed);
      waited = 0;
    }
  }

  static void relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }

  alignas(64) std::atomic<word> open_{0};
  alignas(64) std::atomic<int> left_{0};
  alignas(64) std::atomic<int> asleep_{0};
  std::atomic<bool> in_use_{false};
  void (*function_)(void const*, int) = nullptr;
  void const* of_ = nullptr;
  int first_ = 0;
  std::uint32_t step_ = 0;
  int patience_;
  std::vector<std::thread> threads_;
};

}  // namespace etch
