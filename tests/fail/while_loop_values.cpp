// EXPECT: etch: while_loop: the body returns another number of values than the loop carries
#include <etch/etch.hpp>

using namespace etch;

constexpr auto net = [](tensor<float, 4> x) {
  auto const on = [](auto a) { return sum(a) < 1.0f; };
#ifdef ETCH_CONTROL
  while_loop<9>(x, on, [](auto a) { return a + 1.0f; });
#else
  while_loop<9>(x, on, [](auto a) { return std::tuple(a, a); });  // HERE
#endif
  return x;
};

static_assert(front::trace<net>().size() > 0);
