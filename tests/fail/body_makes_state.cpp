// EXPECT: etch: state: a state is made inside of a body
#include <etch/etch.hpp>

using namespace etch;

constexpr auto net = [](tensor<float, 4> x) {
#ifdef ETCH_CONTROL
  state<float, 4> s("s", x);
  s = loop<3>(s, [&](auto a) { return a + x; });
  return front::as_tensor(s);
#else
  return loop<3>(x, [](auto a) {
    state<float, 4> s("s", a);  // HERE
    return a + s;
  });
#endif
};

static_assert(front::trace<net>().size() > 0);
