// EXPECT: etch: the shapes of the operands do not fit together for all lengths of these dims
// EXPECT: dim_named<.T.>, etch::front::dim_named<.S.>
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64), S = dim("S", 64);

inline constexpr auto net = [](tensor<float, T, 8> x, tensor<float, S, 8> y) {
#ifdef ETCH_CONTROL
  return x + x * mean<0>(y);
#else
  return x + y;  // HERE
#endif
};

using Net = model<net>;
static_assert(Net::cost().steps > 0);
