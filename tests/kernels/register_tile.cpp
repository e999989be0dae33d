#include <etch/kernels/register_tile.hpp>

#include "catch.hpp"

using namespace etch::kernels;

namespace {

constexpr bool covers_the_line(long n, long most) {
  even_pieces const pieces(n, most);
  long next = 0;
  for (long i = 0; i < pieces.pieces; ++i) {
    if (pieces.start(i) != next) return false;
    long const length = pieces.length + (i < pieces.longer ? 1 : 0);
    if (length < 1 || length > most) return false;
    next += length;
  }
  return next == n;
}

template <etch::isa Set>
bool every_tile_fits() {
  using arch = etch::simd::arch_t<Set>;
  for (long m : {1, 2, 7, 64})
    for (long panels : {1, 3, 8, 40})
      for (long k : {1, 9, 2000})
        for (int split : {1, 2, 8}) {
          register_tile const t = choose_tile<arch>(m, panels, k, split, 14, 8);
          if (t.rows < 1 || t.rows > m || t.panels < 1 || t.panels > panels) return false;
          if (t.chains != 1 && t.chains != split) return false;
          // the tile that is always allowed, and any that fits
          if (t.rows * t.panels * t.chains > 1 &&
              !detail::fits_registers(t, registers_per_pack<arch>, register_file<arch>))
            return false;
        }
  return true;
}

}  // namespace

TEST_CASE("even pieces cover a line and differ by one", "[kernels][register_tile]") {
  STATIC_REQUIRE(covers_the_line(13, 12));
  for (long n = 1; n < 60; ++n)
    for (long most = 1; most < 15; ++most) {
      CAPTURE(n, most);
      CHECK(covers_the_line(n, most));
    }
}

TEST_CASE("choose_tile stays within the registers and the matrix", "[kernels][register_tile]") {
  CHECK(every_tile_fits<etch::isa::sse4_2>());
  CHECK(every_tile_fits<etch::isa::avx2>());
  CHECK(every_tile_fits<etch::isa::avx512>());
}

TEST_CASE("choose_tile gives a single row enough sums to hide the latency",
          "[kernels][register_tile]") {
  using wide = etch::simd::arch_t<etch::isa::avx512>;
  constexpr register_tile few = choose_tile<wide>(1, 1, 512, 8, 14, 8);
  constexpr register_tile many = choose_tile<wide>(1, 32, 512, 1, 14, 8);
  STATIC_REQUIRE(few.chains == 8);
  STATIC_REQUIRE(many.panels == 8);
}

TEST_CASE("rows that share cache sets are read a few at a time", "[kernels][register_tile]") {
  STATIC_REQUIRE(most_rows(4096) < most_rows(4160));
}

TEST_CASE("tiles stay in the cache in equal blocks", "[kernels][register_tile]") {
  STATIC_REQUIRE(tiles_in_cache(22, 6 * 3072 * 4) == 8);  // not 7, 7, 7 and 1
  STATIC_REQUIRE(tiles_in_cache(10, 1024) == 10);
  STATIC_REQUIRE(tiles_in_cache(10, 4 << 20) == 1);
  for (long tiles = 1; tiles < 40; ++tiles)
    for (long bytes : {1000, 50'000, 120'000, 400'000, 9'000'000}) {
      CAPTURE(tiles, bytes);
      long const block = tiles_in_cache(tiles, bytes);
      CHECK((block >= 1 && block <= tiles));
      CHECK((block == 1 || block * bytes <= 1024 * 1024));
    }
}
