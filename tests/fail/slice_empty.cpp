// EXPECT: etch: slice: a range is empty or leaves the extent of x
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 6> x) {
#ifdef ETCH_CONTROL
  return slice<1, -2>(x);
#else
  return slice<1, -2, 4>(x);  // HERE
#endif
}
using traced = decltype(model);
