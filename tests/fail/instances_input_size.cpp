// EXPECT: etch: session: an input has another size or dtype than the model's argument
#include <array>

#include <etch/etch.hpp>

using namespace etch;

inline constexpr auto voice = [](tensor<float, 1, 4> x) { return lstm<8>("lstm", x); };

#ifdef ETCH_CONTROL
using numbers = std::array<float, 12>;
#else
using numbers = std::array<float, 4>;  // those of one instance
#endif

void play(instances<model<voice>, 3>& run, numbers const& x) {
  run(x);  // HERE
}
