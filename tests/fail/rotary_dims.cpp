// EXPECT: etch: rotary_embedding: the dims to turn are odd, or more than a head has
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr rotary config{.positions = 8, .dims = 6};
#else
constexpr rotary config{.positions = 8, .dims = 7};
#endif

constexpr auto net = [](tensor<float, 5, 4, 10> x) {
  return rotary_embedding<config>(x, 0);  // HERE
};

static_assert(front::trace<net>().outputs.size() == 1);
