// EXPECT: etch: batch_norm: the axis is out of range
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 4> x) {
#ifdef ETCH_CONTROL
  return batch_norm<-1>("bn", x);
#else
  return batch_norm<2>("bn", x);  // HERE
#endif
}
using traced = decltype(model);
