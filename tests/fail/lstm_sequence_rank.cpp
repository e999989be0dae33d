// EXPECT: etch: a recurrent net: the sequence is not \[T, B, K\]
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
using sequence = tensor<float, 6, 1, 4>;
#else
using sequence = tensor<float, 6, 4>;
#endif

constexpr auto net = [](sequence x) {
  lstm_sequence<8>("rnn", x);  // HERE
  return x;
};

static_assert(front::trace<net>().size() > 0);
