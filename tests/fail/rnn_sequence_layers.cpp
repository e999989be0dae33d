// EXPECT: etch: a recurrent net: layers is not positive, or several layers or directions
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr int layers = 1;
#else
constexpr int layers = 2;
#endif

constexpr recurrent_sequence config{.layers = layers, .layout = rnn_layout::keras};
constexpr auto net = [](tensor<float, 6, 1, 4> x) {
  rnn_sequence<8, config>("rnn", x);  // HERE
  return x;
};

static_assert(front::trace<net>().size() > 0);
