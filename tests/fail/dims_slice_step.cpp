// EXPECT: etch: slice: the rows of a bounded extent have a step
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);

inline constexpr auto net = [](tensor<float, T, 8> x) {
#ifdef ETCH_CONTROL
  return exp(slice<0, 1>(x));
#else
  return exp(slice<0, 0, to_end, 2>(x));  // HERE
#endif
};

using Net = model<net>;
static_assert(Net::cost().steps > 0);
