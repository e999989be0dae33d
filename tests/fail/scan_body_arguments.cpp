// EXPECT: etch: a body, a condition or a branch does not take the tensors that it is called with
#include <etch/etch.hpp>

using namespace etch;

constexpr auto net = [](tensor<float, 4> h, tensor<float, 6, 4> x) {
#ifdef ETCH_CONTROL
  scan(h, x, [](auto a, auto b) { return a + b; });
#else
  scan(h, x, [](auto a) { return a; });  // HERE
#endif
  return h;
};

static_assert(front::trace<net>().size() > 1);
