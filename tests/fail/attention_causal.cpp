// EXPECT: etch: scaled_dot_product_attention: causal: there are not as many keys as queries
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr attention config{};
#else
constexpr attention config{.causal = true};
#endif

constexpr auto net = [](tensor<float, 5, 4, 8> q, tensor<float, 6, 4, 8> k) {
  return scaled_dot_product_attention<config>(q, k, k);  // HERE
};

static_assert(front::trace<net>().outputs.size() == 1);
