// EXPECT: etch: rotary_embedding: x is not \[T, heads, width\]
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
using heads = tensor<float, 5, 4, 10>;
#else
using heads = tensor<float, 5, 40>;
#endif

constexpr rotary config{.positions = 8};
constexpr auto net = [](heads x) {
  return rotary_embedding<config>(x, 0);  // HERE
};

static_assert(front::trace<net>().outputs.size() == 1);
