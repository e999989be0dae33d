// Sessions on several threads share one set of weights.

#include <thread>

#include "../examples/nets/digits.hpp"
#include "catch.hpp"
#include "support/random_net.hpp"

namespace {

using namespace etch;
using digit = model<nets::digits<1>>;

std::array<float, 784> image_of(int seed) {
  std::array<float, 784> x{};
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = static_cast<float>((static_cast<int>(i) * 31 + seed * 17) % 23) / 23.0f;
  return x;
}

std::array<float, 10> answer(session<digit>& run, int seed) {
  auto const p = run(image_of(seed));
  std::array<float, 10> copy{};
  for (std::size_t i = 0; i < copy.size(); ++i) copy[i] = p[i];
  return copy;
}

}  // namespace

TEST_CASE("sessions on several threads share weights and give the same bits", "[nets][threads]") {
  constexpr int calls = 50;
  auto const shared = etch_test::random_weights<digit>(3);
  std::vector<std::array<float, 10>> alone;
  session<digit> run{shared};
  for (int i = 0; i < calls; ++i) alone.push_back(answer(run, i));

  std::array<int, 4> differences{};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < differences.size(); ++t) {
    threads.emplace_back([&, t] {
      session<digit> own{shared};
      for (int i = 0; i < calls; ++i)
        differences[t] += answer(own, i) != alone[static_cast<std::size_t>(i)];
    });
  }
  for (auto& each : threads) each.join();
  CHECK(differences == std::array<int, 4>{});
}
