// EXPECT: etch: model: an operator does not take a length that the call decides
// EXPECT: operator_named<.s., .o., .f., .t., .m., .a., .x.>, etch::front::dim_named<.T.>
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);

inline constexpr auto net = [](tensor<float, T, 8> x) {
#ifdef ETCH_CONTROL
  return softmax<1>(x);
#else
  return softmax<0>(x);
#endif
};

using Net = model<net>;
static_assert(Net::cost().steps > 0);  // HERE
