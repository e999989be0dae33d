// EXPECT: etch: reduce: an axis is named twice
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 4> x) {
#ifdef ETCH_CONTROL
  return amax<1, -2>(x);
#else
  return amax<1, -1>(x);  // HERE
#endif
}
using traced = decltype(model);
