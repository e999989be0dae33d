// EXPECT: etch: scaled_dot_product_attention: the mask is neither bool nor of the dtype of q, or does not fit
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
using mask = tensor<bool, 5, 6>;
#else
using mask = tensor<bool, 6, 5>;
#endif

constexpr auto net = [](tensor<float, 5, 4, 8> q, tensor<float, 6, 4, 8> k, mask m) {
  return scaled_dot_product_attention(q, k, k, m);  // HERE
};

static_assert(front::trace<net>().outputs.size() == 1);
