// EXPECT: etch: model: an operator does not take a length that the call decides
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);

inline constexpr auto net = [](tensor<float, 8, T> x) {
#ifdef ETCH_CONTROL
  return mean<1>(exp(x));
#else
  return mean<0>(exp(x));
#endif
};

using Net = model<net>;
static_assert(Net::cost().steps > 0);  // HERE
