// EXPECT: etch: the stride of a window does not divide the bound of a dim
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
inline constexpr extent T = dim("T", 64);
#else
inline constexpr extent T = dim("T", 63);
#endif

inline constexpr signal_conv halved{.kernel = 3, .stride = 2, .padding = 1, .layout = nlc};
inline constexpr auto net = [](tensor<float, T, 8> x) {
  return conv1d<4, halved>("a", x);  // HERE
};

using Net = model<net>;
static_assert(Net::cost().steps > 0);
