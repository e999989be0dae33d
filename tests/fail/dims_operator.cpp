// EXPECT: etch: model: an operator does not take a length that the call decides
// EXPECT: operator_named<.p., .a., .d.>, etch::front::dim_named<.T.>
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);

inline constexpr auto net = [](tensor<float, T, 8> x) {
#ifdef ETCH_CONTROL
  return exp(x);
#else
  return pad<margin{.axis = 1, .after = 1}>(exp(x));
#endif
};

using Net = model<net>;
static_assert(Net::cost().steps > 0);  // HERE
