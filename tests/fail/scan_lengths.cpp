// EXPECT: etch: scan: the sequences differ in length
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr int length = 6;
#else
constexpr int length = 7;
#endif

constexpr auto net = [](tensor<float, 4> h, tensor<float, 6, 4> x, tensor<float, length, 4> y) {
  scan(h, std::tuple(x, y), [](auto a, auto b, auto c) { return a + b * c; });  // HERE
  return h;
};

static_assert(front::trace<net>().size() > 2);
