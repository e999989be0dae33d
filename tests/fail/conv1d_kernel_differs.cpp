// EXPECT: etch: conv1d: the weight has another kernel than the configuration
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 3, 16> x) {
#ifdef ETCH_CONTROL
  return conv1d<signal_conv{.kernel = 5}>(x, parameter<float, 4, 3, 5>("w", x));
#else
  return conv1d<signal_conv{.kernel = 4}>(x, parameter<float, 4, 3, 5>("w", x));  // HERE
#endif
}
using traced = decltype(model);
