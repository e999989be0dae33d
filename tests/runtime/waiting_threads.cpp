#include <etch/interop/waiting_threads.hpp>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "support/same_bits_on.hpp"

TEST_CASE("a session runs on threads that wait for it", "[threads]") {
  for (int concurrency : {1, 2, 5}) {
    etch::waiting_threads threads{concurrency};
    CHECK(threads.concurrency() == concurrency);
    CHECK(etch_test::same_bits_on(threads));
  }
}

TEST_CASE("each index is done once, in steps of any length that follow each other", "[threads]") {
  etch::waiting_threads threads{3};
  for (int n : {0, 1, 2, 3, 17, 1000, 70'000}) {
    std::vector<int> done(static_cast<std::size_t>(n));
    for (int turn = 0; turn < (n > 1000 ? 2 : 200); ++turn)
      threads.parallel_for(n, [&](int i) { ++done[static_cast<std::size_t>(i)]; });
    for (int each : done) REQUIRE(each == (n > 1000 ? 2 : 200));
  }
}

namespace {

/// Whether two indices of a step were under way at once, within ten seconds.
bool two_at_once(etch::waiting_threads& threads) {
  std::atomic<int> here{0};
  std::atomic<bool> met{true};
  auto const limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  threads.parallel_for(2, [&](int) {
    here.fetch_add(1);
    while (here.load() < 2 && met.load())
      if (std::chrono::steady_clock::now() > limit) met.store(false);
  });
  return met.load();
}

}  // namespace

TEST_CASE("threads that fell asleep wake up and take their part", "[threads]") {
  etch::waiting_threads threads{2, 10};
  for (int turn = 0; turn < 30; ++turn) {
    std::this_thread::sleep_for(std::chrono::milliseconds(turn % 3));
    REQUIRE(two_at_once(threads));
  }
}

TEST_CASE("a step within a step, and steps of two callers, are done as well", "[threads]") {
  etch::waiting_threads threads{2};
  std::atomic<int> done{0};
  auto const count = [&](int) { done.fetch_add(1, std::memory_order_relaxed); };
  threads.parallel_for(8, [&](int) { threads.parallel_for(8, count); });
  CHECK(done == 64);
  std::thread other([&] {
    for (int turn = 0; turn < 500; ++turn) threads.parallel_for(4, count);
  });
  for (int turn = 0; turn < 500; ++turn) threads.parallel_for(4, count);
  other.join();
  CHECK(done == 64 + 4000);
}
