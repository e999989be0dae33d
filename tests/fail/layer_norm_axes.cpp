// EXPECT: etch: layer_norm: x has not that many axes
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 4> x) {
#ifdef ETCH_CONTROL
  return layer_norm<2>("ln", x);
#else
  return layer_norm<3>("ln", x);  // HERE
#endif
}
using traced = decltype(model);
