// EXPECT: etch: transpose: there is not one axis for each axis of x
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 6, 3> x) {
#ifdef ETCH_CONTROL
  return transpose<0, 2, 1>(x);
#else
  return transpose<1, 0>(x);  // HERE
#endif
}
using traced = decltype(model);
