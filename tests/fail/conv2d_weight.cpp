// EXPECT: etch: conv2d: the weight does not fit the channels of x
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 1, 8, 8, 3> x) {
#ifdef ETCH_CONTROL
  return conv2d<conv{.layout = nhwc}>(x, parameter<float, 4, 3, 3, 3>("w"));
#else
  return conv2d<conv{}>(x, parameter<float, 4, 3, 3, 3>("w"));  // HERE
#endif
}
using traced = decltype(model);
