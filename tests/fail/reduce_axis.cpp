// EXPECT: etch: reduce: an axis is out of range
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 4> x) {
#ifdef ETCH_CONTROL
  return sum<1>(x);
#else
  return sum<2>(x);  // HERE
#endif
}
using traced = decltype(model);
