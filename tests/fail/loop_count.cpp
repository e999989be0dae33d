// EXPECT: etch: loop: the count is not positive
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr int count = 3;
#else
constexpr int count = 0;
#endif

constexpr auto net = [](tensor<float, 4> x) {
  loop<count>(x, [](auto a) { return a * 2.0f; });  // HERE
  return x;
};

static_assert(front::trace<net>().size() > 0);
