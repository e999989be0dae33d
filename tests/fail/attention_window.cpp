// EXPECT: etch: scaled_dot_product_attention: the window is negative
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr attention config{.window = 4};
#else
constexpr attention config{.window = -4};
#endif

constexpr auto net = [](tensor<float, 5, 4, 8> q, tensor<float, 6, 4, 8> k) {
  return scaled_dot_product_attention<config>(q, k, k);  // HERE
};

static_assert(front::trace<net>().outputs.size() == 1);
