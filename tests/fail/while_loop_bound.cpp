// EXPECT: etch: while_loop: the bound is not positive, or above 2147483647
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr int most = 3;
#else
constexpr int most = -1;
#endif

constexpr auto net = [](tensor<float, 4> x) {
  while_loop<most>(x, [](auto a) { return sum(a) < 1.0f; }, [](auto a) { return a + 1.0f; });  // HERE
  return x;
};

static_assert(front::trace<net>().size() > 0);
