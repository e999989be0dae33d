// EXPECT: etch: state: the value has another shape or dtype than the state
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);

inline constexpr auto net = [](tensor<float, T, 8> x) {
  state<float, 64, 8> h("h", x);
#ifdef ETCH_CONTROL
  h = h + slice<0, -1>(x);
#else
  h = x;  // HERE
#endif
  return x * 2.0f;
};

using Net = model<net>;
static_assert(Net::cost().steps > 0);
