// EXPECT: etch: session: the number of inputs is not that of the model's arguments
#include <array>

#include <etch/etch.hpp>

using namespace etch;

using row = tensor<float, 8>;
inline constexpr auto net = [](row x, row y) { return x + y; };

void call(session<model<net>>& run, std::array<float, 8> const& x) {
#ifdef ETCH_CONTROL
  run(x, x);
#else
  run(x);  // HERE
#endif
}
