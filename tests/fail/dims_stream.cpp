// EXPECT: etch: stream: the model is not streaming<family, max>; a session runs it
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);

inline constexpr auto net = [](tensor<float, T, 8> x) { return x * 2.0f; };
inline constexpr auto family = []<int Rows>(tensor<float, Rows, 8> x) { return x * 2.0f; };

#ifdef ETCH_CONTROL
using rows = streaming<family, 64>;
#else
using rows = model<net>;
#endif
void play(stream<rows>& run, std::span<float const> x) {
  run(x);  // HERE
}
