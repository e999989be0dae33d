// EXPECT: etch: pool2d: a stride is zero or negative
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 1, 3, 8, 8> x) {
#ifdef ETCH_CONTROL
  return avg_pool2d<pool{.kernel = 3}>(x);
#else
  return avg_pool2d<pool{.kernel = 3, .stride = {1, 0}}>(x);  // HERE
#endif
}
using traced = decltype(model);
