// EXPECT: etch: reshape: the number of elements changes: write -1 or the dim
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);

inline constexpr auto net = [](tensor<float, T, 8> x) {
#ifdef ETCH_CONTROL
  return exp(reshape<-1, 2, 4>(x)) + reshape<T, 2, 4>(x);
#else
  return exp(reshape<64, 2, 4>(x));  // HERE
#endif
};

using Net = model<net>;
static_assert(Net::cost().steps > 0);
