// EXPECT: etch: mean: x is neither float nor double
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 4> x, tensor<int, 2, 4> i) {
#ifdef ETCH_CONTROL
  return mean<1>(x);
#else
  return mean<1>(i);  // HERE
#endif
}
using traced = decltype(model);
