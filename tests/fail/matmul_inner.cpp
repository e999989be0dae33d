// EXPECT: etch: matmul: the last extent of a is not the last but one of b
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 2, 4> a, tensor<float, 4, 3> b) {
#ifdef ETCH_CONTROL
  return matmul(a, b);
#else
  return matmul(b, a);  // HERE
#endif
}
using traced = decltype(model);
