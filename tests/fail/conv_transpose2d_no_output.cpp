// EXPECT: etch: conv_transpose2d: the padding leaves no output
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 1, 6, 8, 8> x) {
#ifdef ETCH_CONTROL
  return conv_transpose2d<4, conv_transpose{.kernel = 3, .padding = {4, 1}}>("c", x);
#else
  return conv_transpose2d<4, conv_transpose{.kernel = 3, .padding = {5, 1}}>("c", x);  // HERE
#endif
}
using traced = decltype(model);
