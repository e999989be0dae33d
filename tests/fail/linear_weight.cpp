// EXPECT: etch: linear: the weight does not fit the last extent of x
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 4> x) {
#ifdef ETCH_CONTROL
  return linear(x, parameter<float, 3, 4>("w"));
#else
  return linear(x, parameter<float, 4, 3>("w"));  // HERE
#endif
}
using traced = decltype(model);
