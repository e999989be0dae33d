// EXPECT: etch: causal_conv1d: the kernel has no size: write signal_conv\{.kernel = 3\}
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 16, 3> x) {
#ifdef ETCH_CONTROL
  return causal_conv1d<4, signal_conv{.kernel = 2}>("c", x);
#else
  return causal_conv1d<4, signal_conv{.dilation = 2}>("c", x);  // HERE
#endif
}
using traced = decltype(model);
