// EXPECT: etch: conv2d: a stride is zero or negative
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 1, 3, 8, 8> x) {
#ifdef ETCH_CONTROL
  return conv2d<4, conv{.kernel = 3, .stride = 1, .padding = same}>("c", x);
#else
  return conv2d<4, conv{.kernel = 3, .stride = 0, .padding = same}>("c", x);  // HERE
#endif
}
using traced = decltype(model);
