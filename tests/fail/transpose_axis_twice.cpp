// EXPECT: etch: transpose: an axis is named twice
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 6, 3> x) {
#ifdef ETCH_CONTROL
  return transpose<2, 0, 1>(x);
#else
  return transpose<2, 0, 0>(x);  // HERE
#endif
}
using traced = decltype(model);
