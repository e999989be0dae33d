// EXPECT: etch: slice: a range is empty or leaves the extent of x
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);

inline constexpr auto net = [](tensor<float, T, 8> x) {
#ifdef ETCH_CONTROL
  return exp(slice<0, -64>(x));
#else
  return exp(slice<0, -65>(x));  // HERE
#endif
};

using Net = model<net>;
static_assert(Net::cost().steps > 0);
