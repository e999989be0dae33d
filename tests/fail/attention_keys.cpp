// EXPECT: etch: scaled_dot_product_attention: k and v differ in their rows or heads
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
using keys = tensor<float, 6, 2, 8>;
using values = tensor<float, 6, 2, 3>;
#else
using keys = tensor<float, 6, 2, 8>;
using values = tensor<float, 7, 2, 3>;
#endif

constexpr auto net = [](tensor<float, 5, 4, 8> q, keys k, values v) {
  return scaled_dot_product_attention(q, k, v);  // HERE
};

static_assert(front::trace<net>().outputs.size() == 1);
