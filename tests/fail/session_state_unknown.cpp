// EXPECT: etch: session: the model has no state of that name
#include <etch/etch.hpp>

using namespace etch;

inline constexpr auto net = [](tensor<float, 4> x) {
  state<float, 4> h("h", x);
  h = h + x;
  return h;
};

float first(session<model<net>>& run) {
#ifdef ETCH_CONTROL
  return run.state("h"_t)[0];
#else
  return run.state("g"_t)[0];  // HERE
#endif
}
