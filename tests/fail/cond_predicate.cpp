// EXPECT: etch: cond: the predicate is not a bool tensor of one element
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr int count = 1;
#else
constexpr int count = 2;
#endif

constexpr auto net = [](tensor<bool, count> p, tensor<float, 4> x) {
  cond(p, [&] { return x; }, [&] { return x; });  // HERE
  return x;
};

static_assert(front::trace<net>().size() > 1);
