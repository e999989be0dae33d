// EXPECT: etch: dim: two dims have one name
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);
#ifdef ETCH_CONTROL
inline constexpr extent other = dim("T", 64);
#else
inline constexpr extent other = dim("T", 32);
#endif

inline constexpr auto net = [](tensor<float, T, 8> x, tensor<float, other, 8> y) {
  return mean<0>(x) + mean<0>(y);
};

using Net = model<net>;
static_assert(Net::cost().steps > 0);  // HERE
