// EXPECT: etch: a body, a condition or a branch returns something that is neither a tensor nor a std::tuple of tensors
#include <etch/etch.hpp>

using namespace etch;

constexpr auto net = [](tensor<float, 4> h, tensor<float, 6, 4> x) {
#ifdef ETCH_CONTROL
  scan(h, x, [](auto a, auto b) { return a + b; });
#else
  scan(h, x, [](auto, auto) { return 1.0f; });  // HERE
#endif
  return h;
};

static_assert(front::trace<net>().size() > 1);
