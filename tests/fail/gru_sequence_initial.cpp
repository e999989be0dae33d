// EXPECT: etch: a recurrent net: an initial state is not \[layers \* directions, B, H\]
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr int states = 2;
#else
constexpr int states = 1;
#endif

constexpr auto net = [](tensor<float, 6, 1, 4> x, tensor<float, states, 1, 8> h) {
  gru_sequence<8, recurrent_sequence{.layers = 2}>("rnn", x, h);  // HERE
  return x;
};

static_assert(front::trace<net>().size() > 1);
