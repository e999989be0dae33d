// EXPECT: etch: state: two states have one name
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
#define SECOND "b"
#else
#define SECOND "a"
#endif

constexpr auto net = [](tensor<float, 4> x) {
  state<float, 4> a("a", x), b(SECOND, x);
  a = b + x;
  b = x;
  return x;
};

static_assert(front::trace<net>().size() == 4);  // HERE
