// EXPECT: etch: gather: the indices are neither int32 nor int64
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 6> x, tensor<int, 3> i, tensor<float, 3> f) {
#ifdef ETCH_CONTROL
  return gather(x, i);
#else
  return gather(x, f);  // HERE
#endif
}
using traced = decltype(model);
