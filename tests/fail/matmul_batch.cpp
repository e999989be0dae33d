// EXPECT: etch: matmul: the leading extents do not broadcast
#include <etch/ops/structured_ops.hpp>

using namespace etch;

constexpr auto model(tensor<float, 3, 2, 4> a) {
#ifdef ETCH_CONTROL
  return matmul(a, parameter<float, 3, 4, 5>("b"));
#else
  return matmul(a, parameter<float, 2, 4, 5>("b"));  // HERE
#endif
}
using traced = decltype(model);
