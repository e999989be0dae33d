// EXPECT: etch: instances: a value of the model has rank 6, one more axis does not fit
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
using value = tensor<float, 2, 1, 1, 1, 4>;
#else
using value = tensor<float, 1, 2, 1, 1, 1, 4>;
#endif

inline constexpr auto voice = [](value x) { return tanh(x); };

void play(instances<model<voice>, 3>& run, std::span<float const, 24> x) {
  run(x);  // HERE
}
