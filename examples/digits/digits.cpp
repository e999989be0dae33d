// A digits classifier as part of a program. Usage: example_digits [FOLDER OF THE WEIGHTS]
#include <cstdio>
#include <exception>

#include <etch/etch.hpp>

#include "support/samples.hpp"
#include "support/text_art.hpp"

using namespace etch;

inline constexpr auto digits = [](tensor<float, 1, 784> pixels) {
  auto h = relu(linear<96>("fc1", pixels));  // fc1.weight [96, 784] and fc1.bias [96] of the file
  h = relu(linear<96>("fc2", h)) + h;
  return softmax(linear<10>("fc3", h));
};

using Digits = model<digits>;                   // traced, optimised, planned: here, by the compiler
static_assert(Digits::cost().flops < 200'000);  // budgets are enforced in review, not in production
static_assert(Digits::cost().steps_in_loops == 0);
static_assert(Digits::memory().workspace_bytes <= 1024);

int main(int count, char** arguments) try {
  std::string const folder = count > 1 ? arguments[1] : ETCH_SOURCE_DIR "/examples/digits";
  auto const weights = load<Digits>(folder + "/digits.safetensors");  // checked, packed, shared
  session<Digits> run{weights};  // the workspace, one per thread: all memory is taken here

  support::samples const samples(folder + "/samples.safetensors");
  int right = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    auto const p = run(samples.image(i));  // noexcept, no allocation, no lock, no system call
    right += support::best_of(p) == samples.label(i);
    if (i >= 4) continue;
    std::printf("a %d:\n", static_cast<int>(samples.label(i)));
    support::print_digit(samples.image(i), p);
  }
  std::printf("%d of %zu samples right\n", right, samples.size());
  return right * 10 >= static_cast<int>(samples.size()) * 9 ? 0 : 1;
} catch (std::exception const& failure) {
  std::fprintf(stderr, "%s\n", failure.what());
  return 1;
}
