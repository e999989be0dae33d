// EXPECT: etch: slice: the axis is out of range
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 6> x) {
#ifdef ETCH_CONTROL
  return slice<1, 0>(x);
#else
  return slice<2, 0>(x);  // HERE
#endif
}
using traced = decltype(model);
