// EXPECT: etch: flatten: the axis is out of range
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 6> x) {
#ifdef ETCH_CONTROL
  return flatten<-1>(x);
#else
  return flatten<2>(x);  // HERE
#endif
}
using traced = decltype(model);
