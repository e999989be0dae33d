// EXPECT: etch: rms_norm: the weight does not have the last extent of x
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr int width = 8;
#else
constexpr int width = 9;
#endif

constexpr auto net = [](tensor<float, 2, 8> x) {
  return rms_norm(x, parameter<float, width>("norm.weight"));  // HERE
};

static_assert(front::trace<net>().outputs.size() == 1);
