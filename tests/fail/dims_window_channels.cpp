// EXPECT: etch: the operator does not take a length that the call decides
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);

inline constexpr auto net = [](tensor<float, T, 8> x) {
#ifdef ETCH_CONTROL
  return conv1d<4, signal_conv{.kernel = 3, .layout = nlc}>("a", x);
#else
  return conv1d<4, signal_conv{.kernel = 3, .layout = ncl}>("a", x);
#endif
};

using Net = model<net>;
static_assert(Net::cost().steps > 0);  // HERE
