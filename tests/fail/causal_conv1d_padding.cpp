// EXPECT: etch: causal_conv1d: it pads with what came before, and with nothing else
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 16, 3> x) {
#ifdef ETCH_CONTROL
  return causal_conv1d<4, signal_conv{.kernel = 3}>("c", x);
#else
  return causal_conv1d<4, signal_conv{.kernel = 3, .padding = 1}>("c", x);  // HERE
#endif
}
using traced = decltype(model);
