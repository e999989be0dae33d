// EXPECT: etch: stream: the function reads other weights for blocks of another size
#include <etch/etch.hpp>

using namespace etch;

inline constexpr auto amp = []<int T>(tensor<float, T, 1> x) {
#ifdef ETCH_CONTROL
  return x * parameter<float, 1>("gain");
#else
  return x * parameter<float, T, 1>("gain");
#endif
};

void play(stream<streaming<amp, 8>>& run, std::span<float const> x) { (void)run(x); }
stream<streaming<amp, 8>> make(weights<streaming<amp, 8>> w) {
  return stream<streaming<amp, 8>>(w);  // HERE
}
