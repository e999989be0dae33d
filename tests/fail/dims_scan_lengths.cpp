// EXPECT: etch: scan: the sequences differ in length
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64), S = dim("S", 64);

inline constexpr auto net = [](tensor<float, T, 8> x, tensor<float, S, 8> y, tensor<float, 8> h) {
#ifdef ETCH_CONTROL
  auto const z = x * mean<0>(y);
#else
  auto const z = y;
#endif
  return scan(h, std::tuple(x, z), [](auto v, auto a, auto b) { return v + a * b; });  // HERE
};

using Net = model<net>;
static_assert(Net::cost().steps > 0);
