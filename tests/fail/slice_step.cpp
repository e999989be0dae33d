// EXPECT: etch: slice: a step is zero or negative
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 6> x) {
#ifdef ETCH_CONTROL
  return slice<1, 0, to_end, 2>(x);
#else
  return slice<1, 0, to_end, -1>(x);  // HERE
#endif
}
using traced = decltype(model);
