// EXPECT: etch: state: an initial value depends on the call, and not on weights alone
#include <etch/etch.hpp>

using namespace etch;

constexpr auto net = [](tensor<float, 4> x) {
#ifdef ETCH_CONTROL
  state<float, 4> h("h", x, parameter<float, 4>("h0"));
#else
  state<float, 4> h("h", x, x);
#endif
  h = h + x;
  return h;
};

static_assert(front::trace<net>().size() >= 3);  // HERE
