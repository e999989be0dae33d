// EXPECT: etch: state: the value has another shape or dtype than the state
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr int width = 4;
#else
constexpr int width = 5;
#endif

constexpr auto net = [](tensor<float, 4> x, tensor<float, width> y) {
  state<float, 4> h("h", x);
  h = y;  // HERE
  return x;
};

static_assert(front::trace<net>().size() == 3);
