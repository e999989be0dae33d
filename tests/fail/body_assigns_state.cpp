// EXPECT: etch: state: a state is assigned inside of a body
#include <etch/etch.hpp>

using namespace etch;

constexpr auto net = [](tensor<float, 4> x) {
  state<float, 4> s("s", x);
#ifdef ETCH_CONTROL
  s = loop<3>(s, [&](auto a) { return a + x; });
  return front::as_tensor(s);
#else
  return loop<3>(x, [&](auto a) {
    s = a;  // HERE
    return a;
  });
#endif
};

static_assert(front::trace<net>().size() > 0);
