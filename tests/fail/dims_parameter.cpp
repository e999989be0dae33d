// EXPECT: etch: parameter: an extent is bounded: a weight has a fixed shape
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);

inline constexpr auto net = [](tensor<float, T, 8> x) {
#ifdef ETCH_CONTROL
  return x + rows_like(parameter<float, 64, 8>("w"), x);
#else
  return x + parameter<float, T, 8>("w");  // HERE
#endif
};

using Net = model<net>;
static_assert(Net::cost().steps > 0);
