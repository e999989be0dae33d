// EXPECT: etch: the body of a loop returns fewer values than the loop carries
#include <etch/etch.hpp>

using namespace etch;

constexpr auto net = [](tensor<float, 4> h, tensor<float, 6, 4> x) {
#ifdef ETCH_CONTROL
  scan(std::tuple(h, h), x, [](auto a, auto b, auto c) { return std::tuple(b, a + c); });
#else
  scan(std::tuple(h, h), x, [](auto a, auto b, auto c) { return a + b * c; });  // HERE
#endif
  return h;
};

static_assert(front::trace<net>().size() > 1);
