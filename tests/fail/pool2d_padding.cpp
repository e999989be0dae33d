// EXPECT: etch: pool2d: a padding is negative or not smaller than the kernel
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 1, 3, 8, 8> x) {
#ifdef ETCH_CONTROL
  return max_pool2d<pool{.kernel = 3, .padding = 2}>(x);
#else
  return max_pool2d<pool{.kernel = 3, .padding = 3}>(x);  // HERE
#endif
}
using traced = decltype(model);
