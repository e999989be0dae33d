// EXPECT: etch: concat: the extents differ outside the axis
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 6> a, tensor<float, 2, 5> b) {
#ifdef ETCH_CONTROL
  return concat<1>(a, b);
#else
  return concat<0>(a, b);  // HERE
#endif
}
using traced = decltype(model);
