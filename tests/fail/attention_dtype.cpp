// EXPECT: etch: scaled_dot_product_attention: q, k and v are not all float or all double
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
using keys = tensor<float, 6, 2, 8>;
using values = tensor<float, 6, 2, 3>;
#else
using keys = tensor<double, 6, 2, 8>;
using values = tensor<float, 6, 2, 3>;
#endif

constexpr auto net = [](tensor<float, 5, 4, 8> q, keys k, values v) {
  return scaled_dot_product_attention(q, k, v);  // HERE
};

static_assert(front::trace<net>().outputs.size() == 1);
