// EXPECT: etch: conv2d: the kernel is larger than the padded input
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 1, 3, 8, 8> x) {
#ifdef ETCH_CONTROL
  return conv2d<4, conv{.kernel = 9, .padding = 1}>("c", x);
#else
  return conv2d<4, conv{.kernel = 11, .padding = 1}>("c", x);  // HERE
#endif
}
using traced = decltype(model);
