// EXPECT: etch: cached_attention: q has not as many rows as k
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr int capacity = 8;
using queries = tensor<float, 5, 4, 8>;
using keys = tensor<float, 5, 2, 8>;
using values = tensor<float, 5, 2, 3>;
using place = tensor<std::int32_t, 1>;
#else
constexpr int capacity = 8;
using queries = tensor<float, 4, 4, 8>;
using keys = tensor<float, 5, 2, 8>;
using values = tensor<float, 5, 2, 3>;
using place = tensor<std::int32_t, 1>;
#endif

constexpr auto net = [](queries q, keys k, values v, place at) {
  return cached_attention<capacity>("attn", q, k, v, at);  // HERE
};

static_assert(front::trace<net>().outputs.size() == 1);
