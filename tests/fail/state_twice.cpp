// EXPECT: etch: state: a state is assigned twice
#include <etch/etch.hpp>

using namespace etch;

constexpr auto net = [](tensor<float, 4> x) {
  state<float, 4> h("h", x);
  h = h + x;
#ifndef ETCH_CONTROL
  h = h + x;
#endif
  return h;
};

static_assert(front::trace<net>().size() == 3);  // HERE
