#pragma once

#include <thread>
#include <vector>

namespace etch_test {

/// An executor that starts a thread for every part of a step.
struct threads_for_each_step {
  int threads;
  int steps = 0;

  int concurrency() const { return threads; }

  template <class F>
  void parallel_for(int n, F const& f) {
    ++steps;
    std::vector<std::thread> others;
    for (int i = 1; i < n; ++i) others.emplace_back([&f, i] { f(i); });
    f(0);
    for (std::thread& each : others) each.join();
  }
};

}  // namespace etch_test
