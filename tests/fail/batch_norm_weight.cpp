// EXPECT: etch: batch_norm: gamma, beta, mean or variance does not fit the axis of x
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 4> x) {
#ifdef ETCH_CONTROL
  return batch_norm(x, 1, 0, parameter<float, 4>("m"), parameter<float, 4>("v"));
#else
  return batch_norm(x, 1, 0, parameter<float, 2>("m"), parameter<float, 4>("v"));  // HERE
#endif
}
using traced = decltype(model);
