// EXPECT: etch: conv_transpose2d: the weight does not fit the channels of x
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 1, 3, 8, 8> x) {
#ifdef ETCH_CONTROL
  return conv_transpose2d(x, parameter<float, 3, 4, 2, 2>("w"));
#else
  return conv_transpose2d(x, parameter<float, 4, 3, 2, 2>("w"));  // HERE
#endif
}
using traced = decltype(model);
