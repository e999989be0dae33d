// EXPECT: etch: rnn_cell: only an lstm has a projection
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr recurrent how{};
#else
constexpr recurrent how{.projection = 3};
#endif

constexpr auto net = [](tensor<float, 1, 4> x) {
  return rnn<8, how>("net", x);  // HERE
};

static_assert(front::trace<net>().states.size() == 1);
