// EXPECT: etch: a value of a body is read outside of it: return it from the body
#include <etch/etch.hpp>

using namespace etch;

constexpr auto net = [](tensor<float, 4> x) {
  tensor<float, 4> kept = x;
  auto const y = loop<3>(x, [&](auto a) {
#ifndef ETCH_CONTROL
    kept = a;
#endif
    return a + 1.0f;
  });
  return y + kept;  // HERE
};

static_assert(front::trace<net>().size() > 0);
