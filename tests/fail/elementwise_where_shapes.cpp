// EXPECT: etch: the shapes of the operands do not broadcast
#include <etch/ops/where.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
using condition = tensor<bool, 4, 1>;
#else
using condition = tensor<bool, 3, 4>;
#endif

auto model(condition c, tensor<float, 8> x) {
  return where(c, x, 1.0f);  // HERE
}
