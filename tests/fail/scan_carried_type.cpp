// EXPECT: etch: the body of a loop changes the shape or the dtype of a carried value
#include <etch/etch.hpp>

using namespace etch;

constexpr auto net = [](tensor<float, 1> h, tensor<float, 6, 4> x) {
#ifdef ETCH_CONTROL
  scan(h, x, [](auto a, auto b) { return a + mean<0>(b, keepdims); });
#else
  scan(h, x, [](auto a, auto b) { return a + b; });  // HERE
#endif
  return h;
};

static_assert(front::trace<net>().size() > 1);
