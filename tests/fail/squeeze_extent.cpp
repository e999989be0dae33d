// EXPECT: etch: squeeze: the axis has more than one element
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 1> x) {
#ifdef ETCH_CONTROL
  return squeeze<-1>(x);
#else
  return squeeze<0>(x);  // HERE
#endif
}
using traced = decltype(model);
