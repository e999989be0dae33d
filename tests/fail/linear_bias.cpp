// EXPECT: etch: linear: the bias does not fit the weight
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 4> x) {
#ifdef ETCH_CONTROL
  return linear(x, parameter<float, 3, 4>("w"), parameter<float, 3>("b"));
#else
  return linear(x, parameter<float, 3, 4>("w"), parameter<float, 4>("b"));  // HERE
#endif
}
using traced = decltype(model);
