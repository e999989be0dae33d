// EXPECT: etch: lstm_cell: the projection is negative, not smaller than H, or of Keras' layout
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr recurrent how{.projection = 3};
#else
constexpr recurrent how{.projection = 8};
#endif

constexpr auto net = [](tensor<float, 1, 4> x) {
  return lstm<8, how>("lstm", x);  // HERE
};

static_assert(front::trace<net>().states.size() == 2);
