// EXPECT: etch: state: a state is never assigned
#include <etch/etch.hpp>

using namespace etch;

constexpr auto net = [](tensor<float, 4> x) {
  state<float, 4> h("h", x);
  auto const y = h + x;
#ifdef ETCH_CONTROL
  h = y;
#endif
  return y;
};

static_assert(front::trace<net>().size() == 3);  // HERE
