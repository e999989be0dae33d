// EXPECT: etch: hwio: the kernel is not of rank 4
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 3, 3, 2, 6> w) {
#ifdef ETCH_CONTROL
  return hwio(w);
#else
  return hwio(flatten(w));  // HERE
#endif
}
using traced = decltype(model);
