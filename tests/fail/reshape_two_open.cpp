// EXPECT: etch: reshape: more than one extent is -1
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 6> x) {
#ifdef ETCH_CONTROL
  return reshape<3, -1, 2>(x);
#else
  return reshape<3, -1, -1>(x);  // HERE
#endif
}
using traced = decltype(model);
