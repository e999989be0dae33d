// EXPECT: etch: cond: the branches return values of different shapes or dtypes
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr int width = 4;
#else
constexpr int width = 5;
#endif

constexpr auto net = [](tensor<bool, 1> p, tensor<float, 4> x, tensor<float, width> y) {
  return cond(p, [&] { return x; }, [&] { return y; });  // HERE
};

static_assert(front::trace<net>().size() > 3);
