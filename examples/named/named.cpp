// Inputs and outputs by name: a digits classifier that is told how sharp its answer should be and
// also hands out what its last hidden layer saw. Usage: example_named [FOLDER OF THE WEIGHTS]
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <string>

#include <etch/etch.hpp>

#include "support/samples.hpp"
#include "support/text_art.hpp"

using namespace etch;

inline constexpr auto digits = [](named<"pixels", tensor<float, 1, 784>> pixels,
                                  named<"temperature", tensor<float, 1>> temperature) {
  auto h = relu(linear<96>("fc1", pixels));
  h = relu(linear<96>("fc2", h)) + h;
  auto const logits = linear<10>("fc3", h) / temperature;
  return outputs("probabilities"_t = softmax(logits), "features"_t = h);
};
using Digits = model<digits>;

int main(int count, char** arguments) try {
  std::string const folder = count > 1 ? arguments[1] : ETCH_SOURCE_DIR "/examples/digits";
  session<Digits> run{load<Digits>(folder + "/digits.safetensors")};
  support::samples const samples(folder + "/samples.safetensors");
  for (float temperature : {0.5f, 1.0f, 4.0f}) {
    std::array const sharpness{temperature};
    auto const out = run("temperature"_t = sharpness, "pixels"_t = samples.image(0));
    auto const p = out["probabilities"_t];
    auto const features = out["features"_t];
    auto best = support::best_of(p);  // const, it makes clang 14 crash: it tries to evaluate `out`
    std::printf("temperature %.1f: a %d, %.1f %% sure; %d of %zu features are on\n",
                static_cast<double>(temperature), static_cast<int>(best),
                100.0 * static_cast<double>(p[static_cast<std::size_t>(best)]),
                static_cast<int>(
                    std::count_if(features.begin(), features.end(), [](float f) { return f > 0; })),
                features.size());
  }
} catch (std::exception const& failure) {
  std::fprintf(stderr, "%s\n", failure.what());
  return 1;
}
