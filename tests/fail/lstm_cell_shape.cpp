// EXPECT: etch: lstm_cell: x is not \[B, K\], h not \[B, H\]
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
using values = tensor<float, 2, 8>;
#else
using values = tensor<float, 2, 9>;
#endif

constexpr auto net = [](tensor<float, 2, 4> x, values h, tensor<float, 2, 8> c) {
  auto const next = lstm_cell<8>("lstm", x, h, c);  // HERE
  return boost::hana::make_tuple(next.h, next.c);
};

static_assert(front::trace<net>().outputs.size() == 2);
