#include <etch/plan/arena.hpp>

#include <random>
#include <vector>

#include "catch.hpp"

namespace {

using etch::plan::arena;

struct block {
  std::int64_t offset = 0;
  std::int64_t bytes = 0;
};

constexpr bool reuses_what_was_given_back() {
  arena a;
  std::int64_t const x = a.take(128), y = a.take(64), z = a.take(128);
  a.give_back(y, 64);
  bool const best_fit = a.take(64) == y;
  a.give_back(x, 128);
  a.give_back(y, 64);
  bool const joined = a.take(192) == x;  // both gaps together
  return best_fit && joined && z == 192 && a.bytes() == 320 && a.most_live() == 320;
}

constexpr bool takes_the_smallest_gap_that_fits() {
  arena a;
  std::int64_t const large = a.take(256);
  a.take(64);
  std::int64_t const small = a.take(128);
  a.take(64);
  a.give_back(large, 256);
  a.give_back(small, 128);
  return a.take(128) == small && a.take(128) == large && a.take(128) == large + 128;
}

constexpr bool grows_the_gap_at_the_end() {
  arena a;
  a.take(64);
  std::int64_t const last = a.take(64);
  a.give_back(last, 64);
  return a.take(256) == last && a.bytes() == 320;
}

constexpr bool rounds_to_lines() {
  arena a;
  return a.take(1) == 0 && a.take(65) == 64 && a.take(4) == 192 && a.bytes() == 256;
}

}  // namespace

TEST_CASE("an arena gives memory again that was given back", "[plan][arena]") {
  STATIC_REQUIRE(reuses_what_was_given_back());
  STATIC_REQUIRE(takes_the_smallest_gap_that_fits());
  STATIC_REQUIRE(grows_the_gap_at_the_end());
  STATIC_REQUIRE(rounds_to_lines());
  REQUIRE(reuses_what_was_given_back());
  REQUIRE(takes_the_smallest_gap_that_fits());
  REQUIRE(grows_the_gap_at_the_end());
  REQUIRE(rounds_to_lines());
}

TEST_CASE("no two live buffers overlap, whatever comes and goes", "[plan][arena]") {
  std::mt19937 random(11);
  for (int round = 0; round < 60; ++round) {
    arena a;
    std::vector<block> live;
    std::int64_t now = 0, most = 0, end = 0;
    unsigned const size_limit = round % 3 == 0 ? 64 : 4000;
    for (int i = 0; i < 300; ++i) {
      if (!live.empty() && random() % 100 < 48) {
        std::size_t const which = random() % live.size();
        a.give_back(live[which].offset, live[which].bytes);
        now -= arena::aligned(live[which].bytes);
        live.erase(live.begin() + static_cast<std::ptrdiff_t>(which));
        continue;
      }
      std::int64_t const bytes = 1 + static_cast<std::int64_t>(random() % size_limit);
      block const added{a.take(bytes), bytes};
      REQUIRE(added.offset >= 0);
      REQUIRE(added.offset % arena::alignment == 0);
      for (block const& other : live) {
        bool const apart =
            added.offset + bytes <= other.offset || other.offset + other.bytes <= added.offset;
        REQUIRE(apart);
      }
      live.push_back(added);
      now += arena::aligned(bytes);
      most = std::max(most, now);
      end = std::max(end, added.offset + arena::aligned(bytes));
      REQUIRE(a.bytes() == end);
      REQUIRE(a.most_live() == most);
    }
    for (block const& each : live) a.give_back(each.offset, each.bytes);
    // All in one piece again: the whole block is one gap.
    if (end > 0) REQUIRE(a.take(end) == 0);
    REQUIRE(a.bytes() == end);
  }
}
