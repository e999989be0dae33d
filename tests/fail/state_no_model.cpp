// EXPECT: etch: state: write state<...> h.name, x. with any tensor x of the model
#include <etch/etch.hpp>

using namespace etch;

constexpr auto net = [](tensor<float, 4> x) {
#ifdef ETCH_CONTROL
  state<float, 4> h("h", x);
#else
  state<float, 4> h("h");
#endif
  h = h + x;
  return h;
};

static_assert(front::trace<net>().size() == 3);  // HERE
