// EXPECT: etch: causal_conv1d: x is not \[T, C\] or \[T, B, C\], or the weight not of rank 3
#include <etch/ops/structured_ops.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr auto model(tensor<float, 16, 3> x) {
#else
constexpr auto model(tensor<float, 1, 2, 16, 3> x) {
#endif
  return causal_conv1d<4, signal_conv{.kernel = 3}>("c", x);  // HERE
}
using traced = decltype(model);
