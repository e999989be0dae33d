// EXPECT: etch: softmax: the axis is out of range
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 4> x) {
#ifdef ETCH_CONTROL
  return softmax<-2>(x);
#else
  return softmax<-3>(x);  // HERE
#endif
}
using traced = decltype(model);
