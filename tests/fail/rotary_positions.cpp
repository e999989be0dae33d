// EXPECT: etch: rotary_embedding: there are no positions
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr rotary config{.positions = 8};
#else
constexpr rotary config{};
#endif

constexpr auto net = [](tensor<float, 5, 4, 10> x) {
  return rotary_embedding<config>(x, 0);  // HERE
};

static_assert(front::trace<net>().outputs.size() == 1);
