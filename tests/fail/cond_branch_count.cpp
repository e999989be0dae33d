// EXPECT: etch: cond: the branches return values of different shapes or dtypes
#include <etch/etch.hpp>

using namespace etch;

constexpr auto net = [](tensor<bool, 1> p, tensor<float, 4> x) {
  auto const both = [&] { return std::tuple(x, x); };
#ifdef ETCH_CONTROL
  auto const [y, z] = cond(p, both, both);
  return y;
#else
  cond(p, both, [&] { return x; });  // HERE
  return x;
#endif
};

static_assert(front::trace<net>().size() > 2);
