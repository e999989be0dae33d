// EXPECT: etch: constant: an extent is bounded
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);

inline constexpr auto net = [](tensor<float, T, 8> x) {
#ifdef ETCH_CONTROL
  return x + constant<float, 1, 8>(2, x);
#else
  return x + constant<float, T, 8>(2, x);  // HERE
#endif
};

using Net = model<net>;
static_assert(Net::cost().steps > 0);
