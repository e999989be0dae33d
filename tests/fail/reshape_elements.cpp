// EXPECT: etch: reshape: the number of elements changes
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 6> x) {
#ifdef ETCH_CONTROL
  return reshape<3, -1>(x);
#else
  return reshape<5, -1>(x);  // HERE
#endif
}
using traced = decltype(model);
