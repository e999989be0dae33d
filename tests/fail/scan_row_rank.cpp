// EXPECT: etch: scan: a row that is collected has six axes already
#include <etch/etch.hpp>

using namespace etch;

constexpr auto net = [](tensor<float, 1, 1, 1, 1, 1, 1> h, tensor<float, 6, 1> x) {
#ifdef ETCH_CONTROL
  scan(h, x, [](auto a, auto b) { return std::tuple(a + b, b); });
#else
  scan(h, x, [](auto a, auto b) { return std::tuple(a + b, a); });  // HERE
#endif
  return h;
};

static_assert(front::trace<net>().size() > 1);
