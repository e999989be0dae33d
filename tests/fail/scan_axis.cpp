// EXPECT: etch: scan: a sequence has no such axis to walk along
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr int axis = 1;
#else
constexpr int axis = 2;
#endif

constexpr auto net = [](tensor<float, 4> h, tensor<float, 4, 3> x) {
  scan<scan_options{.axis = axis}>(h, x, [](auto a, auto b) { return a + b; });  // HERE
  return h;
};

static_assert(front::trace<net>().size() > 1);
