#include "limits.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "processor.hpp"

namespace bench {
namespace {

#if defined(__AVX512F__)
constexpr std::size_t register_bytes = 64;
constexpr std::size_t accumulators = 24;
#elif defined(__AVX__)
constexpr std::size_t register_bytes = 32;
constexpr std::size_t accumulators = 12;
#else
constexpr std::size_t register_bytes = 16;
constexpr std::size_t accumulators = 12;
#endif

/// The compiler must take `value` for changed, or for read.
template <class T>
void hide(T& value) noexcept {
  asm volatile("" : : "r"(&value) : "memory");
}

/// The shortest of as many runs as take `all_ns`, and of at least three.
template <class Run>
double best_ns(timer const& clock, double all_ns, Run const& run) {
  double best = std::numeric_limits<double>::infinity(), sum = 0;
  for (int i = 0; i < 3 || sum < all_ns; ++i) {
    auto const begin = timer::now();
    run();
    double const ns = clock.ns(begin, timer::now());
    best = std::min(best, ns);
    sum += ns;
  }
  return best;
}

/// Multiply-adds in enough independent registers that neither latency nor the loop counts. Each
/// product is of the sum before it, so that a compiler without fused ones keeps both operations.
template <class T>
double peak_flops_per_ns(timer const& clock, double all_ns) {
  typedef T vec __attribute__((vector_size(register_bytes)));
  constexpr std::size_t rounds_per_turn = 4;
  constexpr std::int64_t turns = 5'000;
  auto const run = [] {
    vec half = vec{} + T(0.5);
    vec other = half;
    hide(half);
    hide(other);
    vec start[accumulators]{};
    hide(start);  // else equal sums are computed once
    vec sum[accumulators];
    for (std::size_t i = 0; i < accumulators; ++i) sum[i] = start[i];
    auto const round = [&]<std::size_t... I>(std::index_sequence<I...>)
        __attribute__((always_inline)) {
      ((sum[I] = sum[I] * half + other), ...);
    };
    for (std::int64_t turn = 0; turn < turns; ++turn) {
      for (std::size_t i = 0; i < rounds_per_turn; ++i)
        round(std::make_index_sequence<accumulators>{});
    }
    vec total{};
    for (vec const& each : sum) total += each;
    hide(total);
  };
  constexpr std::size_t flops = 2 * register_bytes / sizeof(T) * accumulators * rounds_per_turn;
  return static_cast<double>(flops) * static_cast<double>(turns) / best_ns(clock, all_ns, run);
}

/// Memory in huge pages where the system has them: a page walk is not what a limit is about.
class large_memory {
 public:
  explicit large_memory(std::size_t bytes)
      : bytes_((bytes + page - 1) / page * page), data_(std::aligned_alloc(page, bytes_)) {
    if (data_ == nullptr) throw std::bad_alloc();
#if defined(__linux__)
    madvise(data_.get(), bytes_, MADV_HUGEPAGE);
#endif
    std::memset(data_.get(), 1, bytes_);
  }
  void const* data() const noexcept { return data_.get(); }

 private:
  static constexpr std::size_t page = 2u << 20;
  struct release {
    void operator()(void* block) const noexcept { std::free(block); }
  };
  std::size_t bytes_;
  std::unique_ptr<void, release> data_;
};

double read_bytes_per_ns(timer const& clock, std::size_t bytes) {
  typedef std::int64_t vec __attribute__((vector_size(register_bytes)));
  constexpr std::size_t lines = 8;
  large_memory const memory(bytes);
  auto const* const first = static_cast<vec const*>(memory.data());
  std::size_t const count = bytes / register_bytes;
  std::size_t const repeats = std::max<std::size_t>(1, (std::size_t{64} << 20) / bytes);
  auto const run = [&] {
    vec seen[lines]{};
    for (std::size_t repeat = 0; repeat < repeats; ++repeat) {
      for (std::size_t i = 0; i < count; i += lines) {
        for (std::size_t line = 0; line < lines; ++line) seen[line] |= first[i + line];
      }
      asm volatile("" : : : "memory");
    }
    vec all{};
    for (vec const& each : seen) all |= each;
    hide(all);
  };
  return static_cast<double>(bytes) * static_cast<double>(repeats) / best_ns(clock, 1e8, run);
}

}  // namespace

limits measure_limits(timer const& clock) {
  constexpr std::size_t kib = 1u << 10, mib = 1u << 20;
  cache_sizes const sizes = caches();
  std::size_t const dram = std::clamp(2 * sizes.l3, 256 * mib, 1024 * mib);
  auto const usable = [](std::size_t bytes) { return bytes / 5 * 4; };
  limits found;
  found.peak_f32 = peak_flops_per_ns<float>(clock, 1e8);
  found.peak_f64 = peak_flops_per_ns<double>(clock, 1e8);
  found.levels[0] = {"L1", usable(sizes.l1), read_bytes_per_ns(clock, 32 * kib)};
  found.levels[1] = {"L2", usable(sizes.l2), read_bytes_per_ns(clock, 1 * mib)};
  found.levels[2] = {"L3", usable(sizes.l3), read_bytes_per_ns(clock, 24 * mib)};
  found.levels[3] = {"DRAM", std::numeric_limits<std::size_t>::max(),
                     read_bytes_per_ns(clock, dram)};
  return found;
}

double peak_now(timer const& clock, bool is_double) {
  return is_double ? peak_flops_per_ns<double>(clock, 5e6) : peak_flops_per_ns<float>(clock, 5e6);
}

floor_time floor_of(work const& of, limits const& here) noexcept {
  auto const bytes = static_cast<double>(of.bytes);
  auto const working = static_cast<double>(std::max(of.working, of.bytes));
  std::size_t at = 0;
  while (working > static_cast<double>(here.levels[at].capacity_bytes)) ++at;
  memory_level const& l2 = here.levels[1];
  double const in_l2 = at > 1 ? static_cast<double>(l2.capacity_bytes) / working : 0;
  double const memory_ns =
      bytes * (in_l2 / l2.bytes_per_ns + (1 - in_l2) / here.levels[at].bytes_per_ns);
  double const compute_ns =
      static_cast<double>(of.flops) / (of.is_double ? here.peak_f64 : here.peak_f32);
  if (compute_ns >= memory_ns) return {compute_ns, "compute"};
  return {memory_ns, here.levels[at].name};
}

}  // namespace bench
