// EXPECT: etch: state: an extent is bounded: what a session keeps has a fixed shape
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);

inline constexpr auto net = [](tensor<float, T, 8> x) {
#ifdef ETCH_CONTROL
  state<float, 1, 8> h("h", x);
  h = slice<0, -1>(x);
#else
  state<float, T, 8> h("h", x);  // HERE
  h = x;
#endif
  return x * 2.0f;
};

using Net = model<net>;
static_assert(Net::cost().steps > 0);
