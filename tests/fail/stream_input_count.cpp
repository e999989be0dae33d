// EXPECT: etch: stream: the number of inputs is not that of the model's arguments
#include <etch/etch.hpp>

using namespace etch;

inline constexpr auto amp = []<int T>(tensor<float, T, 1> x, tensor<float, 1, 1> knob) {
  return x * knob;
};

bool play(stream<streaming<amp, 8>>& run, std::span<float const> x) {
#ifdef ETCH_CONTROL
  return run(x, x.first(1)).has_value();
#else
  return run(x).has_value();  // HERE
#endif
}
