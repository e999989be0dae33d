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

#include <xsimd/xsimd.hpp>

#include <etch/kernels/simd/pack.hpp>

#include "processor.hpp"

namespace bench {
namespace {

/// 64 bytes: one register, or two or four. Not the compilers' own vectors, which clang halves, nor
/// xsimd's, whose version 8.1 has no fused multiply-add of AVX-512.
template <class T>
using pack = etch::simd::pack<T>;

template <class T>
constexpr std::size_t lanes = 64 / sizeof(T);

#if defined(__AVX512F__)
constexpr std::size_t accumulators = 24;
#elif defined(__AVX__) || defined(__aarch64__)
constexpr std::size_t accumulators = 6;
#else
constexpr std::size_t accumulators = 3;
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
  constexpr std::size_t rounds_per_turn = 4;
  constexpr std::int64_t turns = 5'000;
  auto const run = [] {
    pack<T> half(T(0.5));
    pack<T> other = half;
    hide(half);
    hide(other);
    T start[accumulators * lanes<T>]{};
    hide(start);  // else equal sums are computed once
    pack<T> sum[accumulators];
    for (std::size_t i = 0; i < accumulators; ++i) sum[i] = pack<T>::load(start + i * lanes<T>);
    auto const round = [&]<std::size_t... I>(std::index_sequence<I...>)
        __attribute__((always_inline)) {
      ((sum[I] = fma(sum[I], half, other)), ...);
    };
    for (std::int64_t turn = 0; turn < turns; ++turn) {
      for (std::size_t i = 0; i < rounds_per_turn; ++i)
        round(std::make_index_sequence<accumulators>{});
    }
    pack<T> total(T(0));
    for (pack<T> const& each : sum) total = total + each;
    hide(total);
  };
  constexpr std::size_t flops = 2 * lanes<T> * accumulators * rounds_per_turn;
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
  using line = xsimd::batch<std::int64_t>;
  constexpr std::size_t at_once = 8;
  large_memory const memory(bytes);
  auto const* const first = static_cast<std::int64_t const*>(memory.data());
  std::size_t const count = bytes / sizeof(std::int64_t);
  std::size_t const repeats = std::max<std::size_t>(1, (std::size_t{64} << 20) / bytes);
  auto const run = [&] {
    line seen[at_once];
    for (line& each : seen) each = line(std::int64_t{0});
    for (std::size_t repeat = 0; repeat < repeats; ++repeat) {
      for (std::size_t i = 0; i < count; i += at_once * line::size) {
        for (std::size_t k = 0; k < at_once; ++k)
          seen[k] = seen[k] | line::load_aligned(first + i + k * line::size);
      }
      asm volatile("" : : : "memory");
    }
    line all = seen[0];
    for (line const& each : seen) all = all | each;
    hide(all);
  };
  return static_cast<double>(bytes) * static_cast<double>(repeats) / best_ns(clock, 1e8, run);
}

}  // namespace

limits measure_limits(timer const& clock) {
  constexpr std::size_t mib = 1u << 20;
  cache_sizes const sizes = caches();
  std::size_t const dram = std::clamp(2 * sizes.l3, 256 * mib, 1024 * mib);
  auto const usable = [](std::size_t bytes) { return bytes / 5 * 4; };
  auto const whole_kib = [](std::size_t bytes) { return bytes >> 10 << 10; };
  limits found;
  found.peak_f32 = peak_flops_per_ns<float>(clock, 1e8);
  found.peak_f64 = peak_flops_per_ns<double>(clock, 1e8);
  found.levels[0] = {"L1", usable(sizes.l1), read_bytes_per_ns(clock, whole_kib(sizes.l1 / 3 * 2))};
  found.levels[1] = {"L2", usable(sizes.l2), read_bytes_per_ns(clock, whole_kib(sizes.l2 / 2))};
  found.levels[2] = {"L3", usable(sizes.l3), read_bytes_per_ns(clock, 24 * mib)};
  found.levels[3] = {"DRAM", std::numeric_limits<std::size_t>::max(),
                     read_bytes_per_ns(clock, dram)};
  return found;
}

void wake_vector_units() noexcept {
  pack<float> x(0.5f);
  for (int i = 0; i < 15'000; ++i) x = fma(x, x, x);
  hide(x);
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
