// EXPECT: etch: conv2d: the weight has another kernel than the configuration
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 1, 3, 8, 8> x) {
#ifdef ETCH_CONTROL
  return conv2d<conv{.kernel = 3}>(x, parameter<float, 4, 3, 3, 3>("w"));
#else
  return conv2d<conv{.kernel = 5}>(x, parameter<float, 4, 3, 3, 3>("w"));  // HERE
#endif
}
using traced = decltype(model);
