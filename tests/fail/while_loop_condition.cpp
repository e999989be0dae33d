// EXPECT: etch: while_loop: the condition is not a bool tensor of one element
#include <etch/etch.hpp>

using namespace etch;

constexpr auto net = [](tensor<float, 4> x) {
#ifdef ETCH_CONTROL
  while_loop<9>(x, [](auto a) { return sum(a) < 1.0f; }, [](auto a) { return a + 1.0f; });
#else
  while_loop<9>(x, [](auto a) { return a < 1.0f; }, [](auto a) { return a + 1.0f; });  // HERE
#endif
  return x;
};

static_assert(front::trace<net>().size() > 0);
