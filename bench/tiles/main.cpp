// bench_tiles [--all]: products in every register tile that the cost model may choose, beside the
// one that it does choose; with --all each of them.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <utility>
#include <vector>

#include <etch/kernels/gemm.hpp>
#include <etch/kernels/store_sink.hpp>

#include "suite/processor.hpp"
#include "suite/timer.hpp"

namespace {

using namespace etch::kernels;
using arch = etch::simd::default_arch;
constexpr int lanes = etch::simd::lanes_v<float>;

struct product_size {
  int m, k, n;
};
constexpr product_size sizes[] = {
    {1, 16, 64},     {1, 64, 64},     {1, 256, 256},   {1, 512, 512},    {4, 512, 338},
    {6, 64, 64},     {16, 16, 16},    {32, 32, 32},    {64, 64, 64},     {64, 256, 256},
    {128, 128, 512}, {128, 384, 384}, {256, 256, 256}, {128, 1536, 384}, {128, 1024, 256}};

constexpr product_shape shape_of(product_size s, register_tile tile = {0, 0, 0}) {
  product_shape of{s.m, s.n, s.k, s.k, gemm_k_split<float>(s.n, s.k), false, {lanes, s.k * lanes},
                   true};
  of.tile = tile;
  return of;
}

/// The tiles that the model may choose for a product, whether they fit the registers or not.
constexpr int rows_of(product_size s) {
  return std::min(s.m, product_tile_limits<float>(shape_of(s)).rows);
}
constexpr int panels_of(product_size s) {
  return std::min((s.n + lanes - 1) / lanes, product_tile_limits<float>(shape_of(s)).panels);
}
constexpr bool fits(int rows, int panels) {
  register_tile const tile{rows, panels, 1};
  return detail::fits_registers(tile, registers_per_pack<arch>, register_file<arch>);
}

struct timed_tile {
  int rows, panels;
  double ns;
};

struct operands {
  std::vector<float> a, b, c;

  explicit operands(product_size s) {
    long const columns = (s.n + lanes - 1) / lanes * lanes;
    a.assign(static_cast<std::size_t>(s.m * s.k), 0.5f);
    b.assign(static_cast<std::size_t>(columns * s.k), 0.25f);
    c.resize(static_cast<std::size_t>(columns * s.m));
  }
};

/// The fastest of many calls: what the tile does when nothing disturbs it.
template <product_shape S>
double fastest_ns(operands& x, bench::timer const& clock) {
  constexpr double flops = 2.0 * S.m * S.n * S.k;
  int const batch = flops < 1e5 ? 64 : 1;
  int const batches = static_cast<int>(std::clamp(1e10 / (flops * batch), 40.0, 2000.0));
  double least = 1e300;
  for (int i = 0; i < batches; ++i) {
    auto const begin = bench::timer::now();
    for (int j = 0; j < batch; ++j) {
      store_sink<float, arch> sink{x.c.data(), S.n};
      product<float, S, arch>(x.a.data(), x.b.data(), nullptr, sink);
    }
    least = std::min(least, clock.ns(begin, bench::timer::now()) / batch);
  }
  return least;
}

template <product_size S, int Rows, int Panels>
void add_tile(operands& x, bench::timer const& clock, std::vector<timed_tile>& to) {
  if constexpr (fits(Rows, Panels))
    to.push_back({Rows, Panels, fastest_ns<shape_of(S, {Rows, Panels, 1})>(x, clock)});
}

template <product_size S>
std::vector<timed_tile> tiles_of(bench::timer const& clock) {
  operands x(S);
  std::vector<timed_tile> found;
  [&]<int... I>(std::integer_sequence<int, I...>) {
    (add_tile<S, I / panels_of(S) + 1, I % panels_of(S) + 1>(x, clock, found), ...);
  }
  (std::make_integer_sequence<int, rows_of(S) * panels_of(S)>{});
  std::sort(found.begin(), found.end(), [](auto& a, auto& b) { return a.ns < b.ns; });
  return found;
}

template <product_size S>
void print(bench::timer const& clock, bool all) {
  register_tile const chosen = product_tile_of<float, arch>(shape_of(S));
  std::vector<timed_tile> const found = tiles_of<S>(clock);
  timed_tile const best = found.front();
  timed_tile const own = *std::find_if(found.begin(), found.end(), [&](timed_tile const& t) {
    return t.rows == chosen.rows && t.panels == chosen.panels;
  });
  auto const gflops = [](double ns) { return 2.0 * S.m * S.n * S.k / ns; };
  char name[40];
  std::snprintf(name, sizeof name, "%d x %d x %d", S.m, S.k, S.n);
  std::printf("%-16s %2d x %-2d %10.1f %8.1f   %2d x %-2d %10.1f %8.1f %8.2f\n", name, own.rows,
              own.panels, own.ns, gflops(own.ns), best.rows, best.panels, best.ns, gflops(best.ns),
              own.ns / best.ns);
  if (all)
    for (timed_tile const& t : found)
      std::printf("  %2d x %-2d %10.1f %8.1f\n", t.rows, t.panels, t.ns, gflops(t.ns));
  std::fflush(stdout);
}

template <std::size_t... I>
void print_all(bench::timer const& clock, bool all, std::index_sequence<I...>) {
  (print<sizes[I]>(clock, all), ...);
}

}  // namespace

int main(int count, char** arguments) {
  bool const all = count == 2 && std::strcmp(arguments[1], "--all") == 0;
  if (count > 1 && !all) {
    std::fputs("usage: bench_tiles [--all]\n", stderr);
    return 2;
  }
  bench::claim_core();
  bench::timer const clock;
  std::printf("%-16s %-7s %10s %8s   %-7s %10s %8s %8s\n", "m x k x n", "chosen", "ns", "GFLOP/s",
              "fastest", "ns", "GFLOP/s", "ratio");
  print_all(clock, all, std::make_index_sequence<std::size(sizes)>{});
}
