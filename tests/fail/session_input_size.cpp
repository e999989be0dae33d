// EXPECT: etch: session: an input has another size or dtype than the model's argument
#include <array>

#include <etch/etch.hpp>

using namespace etch;

inline constexpr auto net = [](tensor<float, 8> x) { return relu(x); };

#ifdef ETCH_CONTROL
using numbers = std::array<float, 8>;
#else
using numbers = std::array<float, 9>;
#endif

void call(session<model<net>>& run, numbers const& x) {
  run(x);  // HERE
}
