// EXPECT: etch: the operands are not bool, the operator takes nothing else
#include <etch/ops/cast.hpp>
#include <etch/ops/logical_and.hpp>

using namespace etch;

auto model(tensor<bool, 8> x, tensor<float, 8> y) {
#ifdef ETCH_CONTROL
  return logical_and(x, cast<bool>(y));
#else
  return logical_and(x, y);  // HERE
#endif
}
